# Private zones that answer with private endpoints' addresses, for everybody who asks from within the VNet.

resource "azurerm_private_dns_zone" "this" {
  for_each = var.zones

  name                = each.value
  resource_group_name = var.place.resource_group
  tags                = var.place.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  for_each = var.zones

  name                  = each.key
  resource_group_name   = var.place.resource_group
  private_dns_zone_name = azurerm_private_dns_zone.this[each.key].name
  virtual_network_id    = var.network_id
  registration_enabled  = false
  tags                  = var.place.tags
}
