# The way out for the few that need one: a NAT gateway, which lets nobody in.

resource "azurerm_public_ip" "outward" {
  for_each = length(var.outward) > 0 ? toset(["nat"]) : []

  name                = "${var.name}-outward"
  resource_group_name = var.place.resource_group
  location            = var.place.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = ["1", "2", "3"]
  tags                = merge(var.place.tags, { purpose = "outward" })
}

resource "azurerm_nat_gateway" "outward" {
  for_each = azurerm_public_ip.outward

  name                    = "${var.name}-outward"
  resource_group_name     = var.place.resource_group
  location                = var.place.location
  sku_name                = "Standard"
  idle_timeout_in_minutes = 4
  tags                    = var.place.tags
}

resource "azurerm_nat_gateway_public_ip_association" "outward" {
  for_each = azurerm_public_ip.outward

  nat_gateway_id       = azurerm_nat_gateway.outward[each.key].id
  public_ip_address_id = each.value.id
}

resource "azurerm_subnet_nat_gateway_association" "outward" {
  for_each = var.outward

  subnet_id      = azurerm_subnet.this[each.key].id
  nat_gateway_id = azurerm_nat_gateway.outward["nat"].id
}
