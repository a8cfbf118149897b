# The second region (docs/failover.md): every service again, without an instance until somebody calls, on the same
# databases and as the same accounts. There services call each other at Cloud Run's own names.

locals {
  standing_by    = { for name, row in local.services : name => row if var.standby_region != null }
  standby_hosts  = { for name in keys(local.standing_by) : name => "${local.service_names[name]}-standby-${var.project_number}.${var.standby_region}.run.app" }
  standby_access = merge(values(module.standby_access)[*].access...)

  standby_addresses = merge(local.addresses, { for name, host in local.standby_hosts : name => "https://${host}" })
  standby_known = {
    for name in keys(local.standing_by) : name => {
      for service in concat([name], local.callees[name]) : "BOUTIQUE_ADDRESS_${upper(service)}" => local.standby_addresses[service]
    }
  }

  # Where events and schedules go, and who calls from outside should.
  active_hosts     = var.active == "standby" ? local.standby_hosts : local.run_hosts
  active_addresses = var.active == "standby" ? local.standby_addresses : local.addresses
}

module "standby_access" {
  source   = "../modules/standby_access"
  for_each = { for name, services in local.residents : name => services if length(setintersection(services, keys(local.standing_by))) > 0 }

  project = var.project
  region  = var.standby_region
  cidr    = local.networks[each.key].subnets["standby"].cidr
  network = module.network[each.key]
  tags    = module.serverless_access[each.key].tags
}

# Firewalls are the networks' own and know services by their tags in every region; the way out is a region's.
module "standby_outward" {
  source   = "../modules/outward"
  for_each = { for name, services in local.outward : name => services if var.standby_region != null && length(services) > 0 }

  project    = var.project
  region     = var.standby_region
  network    = module.network[each.key]
  subnetwork = module.standby_access[each.key].subnetwork
}

module "standby_service" {
  source   = "../modules/cloud_run_service"
  for_each = local.standing_by

  project             = var.project
  region              = var.standby_region
  name                = "${local.service_names[each.key]}-standby"
  about               = "${each.value.about} Stands by for ${var.region}."
  labels              = { service = local.service_names[each.key] }
  image               = var.image
  environment         = merge(local.environment[each.key], local.standby_known[each.key], local.iap_audiences[var.standby_region][each.key])
  secrets             = local.process_secrets[each.key]
  account             = local.emails[each.key]
  audiences           = [local.standby_addresses[each.key]]
  invokers            = local.invokers[each.key]
  admits              = each.value.admits
  people              = local.signed_in[each.key]
  scale               = merge(each.value.scale, { min = var.active == "standby" && var.keep_warm ? each.value.scale.min : 0 })
  vpc_access          = local.standby_access[each.key]
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.this]
}

module "standby_schedule" {
  source   = "../modules/schedule"
  for_each = { for key, row in module.manifest.schedules : key => row if contains(keys(local.standing_by), row.service) && local.services[row.service].signs_in == null }

  project   = var.project
  region    = var.standby_region
  name      = "${replace(each.key, ".", "-")}-standby"
  about     = "${each.value.function} of ${each.value.service}."
  cron      = each.value.cron
  endpoint  = "https://${local.standby_hosts[each.value.service]}${each.value.path}"
  audience  = local.standby_addresses[each.value.service]
  account   = local.emails["scheduler"]
  paused    = var.active != "standby"
  timeout_s = local.services[each.value.service].scale.timeout_s

  depends_on = [module.standby_service]
}
