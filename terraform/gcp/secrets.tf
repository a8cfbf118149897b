# Secrets that processes read (shared/settings.py), each by one service, and keys of our own for those who want them.

locals {
  secrets = {
    stripe-key   = { service = "payment", variable = "BOUTIQUE_STRIPE_KEY", about = "The secret key of our account at Stripe." }
    shippo-token = { service = "warehouse", variable = "BOUTIQUE_SHIPPO_TOKEN", about = "Shippo's API token, for booking carriers." }
    smtp         = { service = "notification", variable = "BOUTIQUE_SMTP", about = "The mail server with its user: smtp://user:password@host:port." }
    twilio-token = { service = "notification", variable = "BOUTIQUE_TWILIO_TOKEN", about = "Twilio's token, for text messages." }
  }

  # What Cloud Run reads when an instance of a service starts; variables of the process by service.
  process_secrets = {
    for service in keys(local.services) : service => {
      for name, each in local.secrets : each.variable => { secret = module.secret[name].name, version = var.secret_versions[name] }
      if each.service == service && contains(keys(var.secret_versions), name)
    }
  }

  agents = {
    services  = { run = "service-${var.project_number}@serverless-robot-prod.iam.gserviceaccount.com" }
    documents = { firestore = "service-${var.project_number}@gcp-sa-firestore.iam.gserviceaccount.com" }
    events    = { pubsub = local.pubsub_agent }
    warehouse = { bigquery = "bq-${var.project_number}@bigquery-encryption.iam.gserviceaccount.com" }
    secrets   = { secretmanager = "service-${var.project_number}@gcp-sa-secretmanager.iam.gserviceaccount.com" }
  }
  # Null where a key of our own is not asked for.
  keys = { for purpose in keys(local.agents) : purpose => lookup(module.customer_keys.ids, purpose, null) }
}

module "customer_keys" {
  source = "../modules/customer_keys"

  project = var.project
  keys    = { for purpose, location in var.customer_keys : purpose => { location = location, users = local.agents[purpose] } }

  depends_on = [google_project_service.this]
}

module "secret" {
  source   = "../modules/secret"
  for_each = local.secrets

  project             = var.project
  name                = each.key
  about               = each.value.about
  locations           = compact([var.region, var.standby_region])
  readers             = { (each.value.service) = local.emails[each.value.service] }
  encryption_key      = local.keys.secrets
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.this]
}
