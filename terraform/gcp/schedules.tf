# A job of Cloud Scheduler per function with a schedule.

module "schedule" {
  source   = "../modules/schedule"
  for_each = { for key, row in module.manifest.schedules : key => row if local.services[row.service].signs_in == null }

  project   = var.project
  region    = var.region
  name      = replace(each.key, ".", "-")
  about     = "${each.value.function} of ${each.value.service}."
  cron      = each.value.cron
  endpoint  = "https://${local.run_hosts[each.value.service]}${each.value.path}"
  audience  = local.addresses[each.value.service]
  account   = local.emails["scheduler"]
  paused    = var.active != "primary"
  timeout_s = local.services[each.value.service].scale.timeout_s

  depends_on = [module.service]
}
