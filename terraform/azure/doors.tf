# Private endpoints, and the names that lead to them.

locals {
  zones = {
    sites    = "privatelink.azurewebsites.net"
    blob     = "privatelink.blob.core.windows.net"
    table    = "privatelink.table.core.windows.net"
    vault    = "privatelink.vaultcore.azure.net"
    monitor  = "privatelink.monitor.azure.com"
    oms      = "privatelink.oms.opinsights.azure.com"
    ods      = "privatelink.ods.opinsights.azure.com"
    agentsvc = "privatelink.agentsvc.azure-automation.net"
  }
  doors = {
    fraud     = { id = module.fraud.id, part = "sites", zones = ["sites"], subnet = "endpoints" }
    package   = { id = module.package.id, part = "blob", zones = ["blob"], subnet = "endpoints" }
    history   = { id = module.history.id, part = "table", zones = ["table"], subnet = "endpoints" }
    vault     = { id = module.vault.id, part = "vault", zones = ["vault"], subnet = "endpoints" }
    telemetry = { id = module.monitoring.scope_id, part = "azuremonitor", zones = ["monitor", "oms", "ods", "agentsvc", "blob"], subnet = "telemetry" }
  }
}

module "names" {
  source = "../modules/azure_private_dns"

  place      = local.place
  zones      = local.zones
  network_id = module.network.id
}

module "door" {
  source   = "../modules/azure_private_endpoint"
  for_each = local.doors

  place     = local.place
  name      = "${local.name}-${each.key}"
  subnet_id = module.network.subnets[each.value.subnet]
  target    = { id = each.value.id, part = each.value.part }
  zone_ids  = [for zone in each.value.zones : module.names.zones[zone]]
  address   = lookup(local.network.addresses, each.key, null)
}

module "resolver" {
  source = "../modules/azure_dns_resolver"

  place              = local.place
  name               = "${local.name}-resolver"
  network_id         = module.network.id
  inbound            = { subnet_id = module.network.subnets["resolver-inbound"], address = local.network.addresses.resolver }
  outbound_subnet_id = module.network.subnets["resolver-outbound"]
  forwarded          = var.gcp_dns
}
