# One Cloud Run service per file of triggers/ that runs there.

locals {
  prefix = "boutique-" # of accounts and databases; BOUTIQUE_ACCOUNT_PREFIX and BOUTIQUE_DATABASE_PREFIX say it to processes

  # Who may call: the callers of its rows, and those that bring events and schedules.
  invokers = {
    for name, row in local.services : name => {
      for caller in distinct(concat(
        [for caller in row.callers : caller],
        row.listens ? ["push"] : [],
        row.signs_in == null ? ["scheduler"] : ["iap"],
        ["operator"],
      )) : caller => caller == "iap" ? local.iap_agent : local.emails[caller]
    }
  }
  # Whose pages are for people: those who act as the operator sign in by the Identity-Aware Proxy, which nobody else
  # passes: neither Pub/Sub nor Cloud Scheduler.
  signed_in        = { for name, row in local.services : name => row.signs_in == "operator" ? var.operators : toset([]) }
  callers_of_fraud = [for edge in values(module.manifest.edges) : edge.from if edge.to == "fraud"]
  callees = {
    for name in keys(local.services) : name => [for edge in values(module.manifest.edges) : edge.to if edge.from == name]
  }

  common = {
    BOUTIQUE_PLATFORM        = "cloud"
    BOUTIQUE_PROJECT         = var.project
    BOUTIQUE_ACCOUNT_PREFIX  = local.prefix
    BOUTIQUE_DATABASE_PREFIX = local.prefix
    BOUTIQUE_LOG_LEVEL       = var.log_level
  }
  # A service on Azure takes Entra's tokens, for which Google's are exchanged.
  entra = {
    for name, callees in local.callees : name => var.azure_entra == null || !contains(callees, "fraud") ? {} : {
      BOUTIQUE_ENTRA_TENANT      = var.azure_entra.tenant_id
      BOUTIQUE_ENTRA_CLIENT      = var.azure_entra.clients[name]
      BOUTIQUE_ENTRA_SCOPE_FRAUD = var.azure_entra.scope
    }
  }
  # All but the addresses, which differ between the regions.
  environment = {
    for name, row in local.services : name => merge(
      local.common,
      {
        FUNCTION_TARGET = name
        FUNCTION_SOURCE = "functions/${name}/main.py"
        THREADS         = tostring(row.scale.concurrency)
      },
      name == local.warehouse ? { BOUTIQUE_DATASET = local.dataset } : {},
      local.entra[name],
      name == "legacy_checkout" ? { for receiver, address in var.shadow : "BOUTIQUE_SHADOW_${upper(receiver)}" => address } : {},
      lookup(var.settings, name, {}),
    )
  }
}

# Its own address, by which a service knows tokens that are for it, and those of the services that it calls.
locals {
  known_addresses = {
    for name in keys(local.services) : name => {
      for service in concat([name], local.callees[name]) : "BOUTIQUE_ADDRESS_${upper(service)}" => local.addresses[service]
    }
  }

  # For whom the proxy's assertions are, by region: the service itself.
  iap_audiences = {
    for region, suffix in { (var.region) = "", (coalesce(var.standby_region, "none")) = "-standby" } : region => {
      for name, row in local.services : name => row.signs_in == null ? {} : {
        BOUTIQUE_IAP_AUDIENCE = "/projects/${var.project_number}/locations/${region}/services/${local.service_names[name]}${suffix}"
      }
    }
  }
}

module "service" {
  source   = "../modules/cloud_run_service"
  for_each = local.services

  project             = var.project
  region              = var.region
  name                = local.service_names[each.key]
  about               = each.value.about
  labels              = { service = local.service_names[each.key] }
  image               = var.image
  environment         = merge(local.environment[each.key], local.known_addresses[each.key], local.iap_audiences[var.region][each.key])
  secrets             = local.process_secrets[each.key]
  encryption_key      = local.keys.services
  account             = local.emails[each.key]
  audiences           = [local.addresses[each.key]]
  invokers            = local.invokers[each.key]
  admits              = each.value.admits
  people              = local.signed_in[each.key]
  scale               = merge(each.value.scale, { min = var.keep_warm ? each.value.scale.min : 0 })
  vpc_access          = local.serverless_access[each.key]
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.this]
}
