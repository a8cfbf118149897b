# The one door to a service whose public door is shut.

resource "azurerm_private_endpoint" "this" {
  name                          = var.name
  resource_group_name           = var.place.resource_group
  location                      = var.place.location
  subnet_id                     = var.subnet_id
  custom_network_interface_name = "${var.name}-nic"
  tags                          = var.place.tags

  private_service_connection {
    name                           = var.name
    private_connection_resource_id = var.target.id
    subresource_names              = [var.target.part]
    is_manual_connection           = false
  }

  dynamic "ip_configuration" {
    for_each = var.address[*]

    content {
      name               = "fixed"
      private_ip_address = ip_configuration.value
      subresource_name   = var.target.part
      member_name        = var.target.part == "vault" ? "default" : var.target.part
    }
  }

  private_dns_zone_group {
    name                 = "private"
    private_dns_zone_ids = var.zone_ids
  }
}
