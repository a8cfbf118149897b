# Names both ways: the other cloud asks at the inbound endpoint, and its domains are asked for through the outbound one.

resource "azurerm_private_dns_resolver" "this" {
  name                = var.name
  resource_group_name = var.place.resource_group
  location            = var.place.location
  virtual_network_id  = var.network_id
  tags                = var.place.tags
}

resource "azurerm_private_dns_resolver_inbound_endpoint" "this" {
  name                    = "${var.name}-inbound"
  private_dns_resolver_id = azurerm_private_dns_resolver.this.id
  location                = var.place.location
  tags                    = var.place.tags

  ip_configurations {
    subnet_id                    = var.inbound.subnet_id
    private_ip_allocation_method = "Static"
    private_ip_address           = var.inbound.address
  }
}

resource "azurerm_private_dns_resolver_outbound_endpoint" "this" {
  name                    = "${var.name}-outbound"
  private_dns_resolver_id = azurerm_private_dns_resolver.this.id
  location                = var.place.location
  subnet_id               = var.outbound_subnet_id
  tags                    = var.place.tags
}

resource "azurerm_private_dns_resolver_dns_forwarding_ruleset" "this" {
  name                                       = "${var.name}-rules"
  resource_group_name                        = var.place.resource_group
  location                                   = var.place.location
  private_dns_resolver_outbound_endpoint_ids = [azurerm_private_dns_resolver_outbound_endpoint.this.id]
  tags                                       = var.place.tags
}

resource "azurerm_private_dns_resolver_forwarding_rule" "this" {
  for_each = var.forwarded

  name                      = each.key
  dns_forwarding_ruleset_id = azurerm_private_dns_resolver_dns_forwarding_ruleset.this.id
  domain_name               = each.value.domain
  enabled                   = true

  dynamic "target_dns_servers" {
    for_each = each.value.servers

    content {
      ip_address = target_dns_servers.value
      port       = 53
    }
  }
}

resource "azurerm_private_dns_resolver_virtual_network_link" "this" {
  name                      = "${var.name}-network"
  dns_forwarding_ruleset_id = azurerm_private_dns_resolver_dns_forwarding_ruleset.this.id
  virtual_network_id        = var.network_id
}
