# An active-active VPN gateway: instance n keeps a tunnel to the other gateway's interface n, and routes come by BGP.

resource "azurerm_public_ip" "this" {
  for_each = var.instances

  name                = "${var.name}-${each.key}"
  resource_group_name = var.place.resource_group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = ["1", "2", "3"]
  tags                = merge(var.place.tags, { purpose = "vpn" })
}

resource "azurerm_virtual_network_gateway" "this" {
  name                = var.name
  resource_group_name = var.place.resource_group
  location            = var.place.location
  type                = "Vpn"
  vpn_type            = "RouteBased"
  sku                 = var.sku
  active_active       = true
  bgp_enabled         = true
  tags                = var.place.tags

  dynamic "ip_configuration" {
    for_each = var.instances

    content {
      name                          = "instance-${ip_configuration.key}"
      subnet_id                     = var.subnet_id
      public_ip_address_id          = azurerm_public_ip.this[ip_configuration.key].id
      private_ip_address_allocation = "Dynamic"
    }
  }

  bgp_settings {
    asn = var.asn

    dynamic "peering_addresses" {
      for_each = var.instances

      content {
        ip_configuration_name = "instance-${peering_addresses.key}"
        apipa_addresses       = values(peering_addresses.value)
      }
    }
  }
}

resource "azurerm_local_network_gateway" "this" {
  for_each = var.peers

  name                = "${var.name}-peer-${each.key}"
  resource_group_name = var.place.resource_group
  location            = var.place.location
  gateway_address     = each.value.address
  tags                = var.place.tags

  bgp_settings {
    asn                 = each.value.asn
    bgp_peering_address = each.value.bgp_address
  }
}

# Azure lets both instances dial each peer and wants an address for either; the peer answers instance n on interface n.
resource "azurerm_virtual_network_gateway_connection" "this" {
  for_each = var.peers

  name                       = "${var.name}-tunnel-${each.key}"
  resource_group_name        = var.place.resource_group
  location                   = var.place.location
  type                       = "IPsec"
  connection_protocol        = "IKEv2"
  bgp_enabled                = true
  virtual_network_gateway_id = azurerm_virtual_network_gateway.this.id
  local_network_gateway_id   = azurerm_local_network_gateway.this[each.key].id
  shared_key                 = var.shared_key
  dpd_timeout_seconds        = 45
  tags                       = var.place.tags

  custom_bgp_addresses {
    primary   = var.instances["0"][each.key]
    secondary = var.instances["1"][each.key]
  }

  # The strongest that both gateways speak (Cloud VPN's list of IKEv2 ciphers, Azure's list of algorithms).
  ipsec_policy {
    ike_encryption   = "GCMAES256"
    ike_integrity    = "SHA384"
    dh_group         = "ECP384"
    ipsec_encryption = "GCMAES256"
    ipsec_integrity  = "GCMAES256"
    pfs_group        = "ECP384"
    sa_lifetime      = 10800
  }
}
