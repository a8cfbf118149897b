# A VNet whose subnets refuse everything, both ways, that no rule allows.

locals {
  guarded    = toset([for name, subnet in var.subnets : name if subnet.guarded])
  directions = { Inbound = var.inbound, Outbound = var.outbound }
  allowed = merge(flatten([for direction, subnets in local.directions : [for subnet, rules in subnets : {
    for name, rule in rules : "${subnet}/${direction}/${name}" => merge(rule, { subnet = subnet, direction = direction, name = name })
  }]])...)
  refused = { for each in setproduct(local.guarded, keys(local.directions)) : "${each[0]}/${each[1]}" => { subnet = each[0], direction = each[1] } }
}

resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.place.resource_group
  location            = var.place.location
  address_space       = [var.cidr]
  tags                = var.place.tags
}

resource "azurerm_subnet" "this" {
  for_each = var.subnets

  name                              = each.key
  resource_group_name               = var.place.resource_group
  virtual_network_name              = azurerm_virtual_network.this.name
  address_prefixes                  = [each.value.cidr]
  default_outbound_access_enabled   = !each.value.private
  private_endpoint_network_policies = each.value.guarded ? "NetworkSecurityGroupEnabled" : "Disabled"

  dynamic "delegation" {
    for_each = each.value.delegated[*]

    content {
      name = "service"

      service_delegation {
        name    = delegation.value
        actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
      }
    }
  }
}

resource "azurerm_network_security_group" "this" {
  for_each = local.guarded

  name                = "${var.name}-${each.key}"
  resource_group_name = var.place.resource_group
  location            = var.place.location
  tags                = var.place.tags
}

resource "azurerm_network_security_rule" "allowed" {
  for_each = local.allowed

  name                         = "${lower(each.value.direction)}-${each.value.name}"
  description                  = each.value.about
  resource_group_name          = var.place.resource_group
  network_security_group_name  = azurerm_network_security_group.this[each.value.subnet].name
  access                       = "Allow"
  direction                    = each.value.direction
  priority                     = each.value.priority
  protocol                     = each.value.protocol
  source_port_range            = "*"
  source_address_prefix        = length(each.value.from) == 1 ? one(each.value.from) : null
  source_address_prefixes      = length(each.value.from) > 1 ? each.value.from : null
  destination_address_prefix   = length(each.value.to) == 1 ? one(each.value.to) : null
  destination_address_prefixes = length(each.value.to) > 1 ? each.value.to : null
  destination_port_ranges      = each.value.ports
}

resource "azurerm_network_security_rule" "refused" {
  for_each = local.refused

  name                        = "refuse-all-${lower(each.value.direction)}"
  description                 = "What no rule above allows."
  resource_group_name         = var.place.resource_group
  network_security_group_name = azurerm_network_security_group.this[each.value.subnet].name
  access                      = "Deny"
  direction                   = each.value.direction
  priority                    = 4096
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = local.guarded

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.this[each.key].id
}
