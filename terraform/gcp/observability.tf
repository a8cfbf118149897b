# What is counted in the log, who is told of what, and how long lines are kept. What is promised is in objectives.tf.

locals {
  channels = sort([for channel in google_monitoring_notification_channel.on_duty : channel.id])

  # Lines as shared/telemetry/log.py writes them; `message` of a request ends in its status.
  lines = "resource.type=\"cloud_run_revision\""
  metrics = {
    requests = {
      about  = "Requests by service, method, route and status, as each service answered them."
      filter = "${local.lines} jsonPayload.logger=\"boutique.requests\""
      labels = {
        service = "EXTRACT(jsonPayload.service)"
        route   = "EXTRACT(jsonPayload.route)"
        method  = "EXTRACT(jsonPayload.method)"
        status  = "REGEXP_EXTRACT(jsonPayload.message, \" ([0-9]{3})$\")"
      }
    }
    defects = {
      about  = "Errors that nobody raised on purpose, by service; each line has the stack and the order's trace."
      filter = "${local.lines} severity>=ERROR jsonPayload.logger:*"
      labels = { service = "EXTRACT(jsonPayload.service)" }
    }
    unpublished = {
      about  = "Commits whose events could not be published at once; the relay sends them."
      filter = "${local.lines} jsonPayload.logger=\"shared.storage.durability\" jsonPayload.message=~\"^publish failed\""
      labels = { service = "EXTRACT(jsonPayload.service)" }
    }
    drift = {
      about  = "Totals of a service that are not those of its events: reconciliation found a difference."
      filter = "${local.lines} jsonPayload.logger=\"functions.data_warehouse.check_control_totals\" severity=WARNING"
    }
    old_orders = {
      about  = "Orders of the old checkout that were charged and are beyond stock, lack something, or are none of ours."
      filter = "${local.lines} jsonPayload.logger=(\"functions.checkout.import_order\" OR \"functions.legacy_checkout.finish_orders\" OR \"functions.legacy_checkout.gathering\") severity=WARNING"
    }
    order_latency = {
      about  = "How long POST /orders took at checkout, as its own line says."
      filter = "${local.lines} jsonPayload.logger=\"boutique.requests\" jsonPayload.service=\"checkout\" jsonPayload.method=\"POST\" jsonPayload.route=\"/orders\" jsonPayload.status<500"
      value  = { extractor = "EXTRACT(jsonPayload.ms)", unit = "ms", bounds = [50, 100, 200, 300, 500, 700, 850, 1000, 1200, 1500, 2000, 3000, 5000, 10000, 30000] }
    }
  }

  alerts = {
    dead-letters = {
      about    = "A message was given up: no retry can help it. `error-code` and `error-detail` are among its attributes; mend what is wrong, then replay it (docs/reliability.md)."
      severity = "ERROR", aligner = "ALIGN_MAX", above = 0
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.type=\"pubsub_subscription\" resource.label.subscription_id=monitoring.regex.full_match(\".*[.]dead-letter\")"
      by       = ["resource.label.subscription_id"]
    }
    events-wait = {
      about    = "An event has waited five minutes for a function that ought to take it in seconds: look at that function's errors and its instances."
      severity = "CRITICAL", aligner = "ALIGN_MAX", above = 300, lasting = 300
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\" resource.label.subscription_id!=monitoring.regex.full_match(\".*[.]dead-letter\")"
      by       = ["resource.label.subscription_id"]
    }
    defects = {
      about    = "A service failed in a way that nobody foresaw; the log has the stack (severity>=ERROR), by service and trace."
      severity = "WARNING", aligner = "ALIGN_DELTA", above = 0
      filter   = "metric.type=\"${module.metric["defects"].type}\" resource.type=\"cloud_run_revision\""
      by       = ["metric.label.service"]
    }
    drift = {
      about    = "Reconciliation found totals in a service's documents that its events do not explain: see GET /reports of data_warehouse."
      severity = "ERROR", aligner = "ALIGN_DELTA", above = 0
      filter   = "metric.type=\"${module.metric["drift"].type}\" resource.type=\"cloud_run_revision\""
      by       = ["resource.label.service_name"]
    }
    old-orders = {
      about    = "An order of the old checkout was charged and waits: for goods, for a call that never came, or for a person. The backoffice lists it, with what is missing (docs/migration.md)."
      severity = "WARNING", aligner = "ALIGN_DELTA", above = 0
      filter   = "metric.type=\"${module.metric["old_orders"].type}\" resource.type=\"cloud_run_revision\""
      by       = ["resource.label.service_name"]
    }
    tunnel-down = {
      about    = "A tunnel to Azure is down. One carries everything; with both down fraud is silent and orders are held for review."
      severity = "CRITICAL", aligner = "ALIGN_MIN", below = 1, lasting = 120
      filter   = "metric.type=\"vpn.googleapis.com/tunnel_established\" resource.type=\"vpn_gateway\""
      by       = ["metric.label.tunnel_name"]
    }
  }
}

resource "google_monitoring_notification_channel" "on_duty" {
  for_each = var.alerted

  project      = var.project
  display_name = each.key
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [google_project_service.this]
}

module "metric" {
  source   = "../modules/log_metric"
  for_each = local.metrics

  project = var.project
  name    = each.key
  about   = each.value.about
  filter  = each.value.filter
  labels  = try(each.value.labels, {})
  value   = try(each.value.value, null)

  depends_on = [google_project_service.this]
}

module "alert" {
  source   = "../modules/alert"
  for_each = local.alerts

  project  = var.project
  name     = each.key
  about    = each.value.about
  severity = each.value.severity
  filter   = each.value.filter
  above    = try(each.value.above, null)
  below    = try(each.value.below, null)
  aligner  = each.value.aligner
  by       = each.value.by
  lasting  = try(each.value.lasting, 0)
  channels = local.channels

  depends_on = [google_project_service.this]
}

# Services behind a balancer of their own are looked at from within their network: Monitoring's agent finds them by
# Service Directory and sends into the network (the agent is made with the project: docs/operators-guide.md).
resource "google_project_iam_member" "looks" {
  for_each = toset(["roles/servicedirectory.viewer", "roles/servicedirectory.pscAuthorizedService"])

  project = var.project
  role    = each.key
  member  = "serviceAccount:service-${var.project_number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"

  depends_on = [google_project_service.this]
}

module "uptime" {
  source   = "../modules/private_uptime"
  for_each = { for service, row in local.services : service => row if local.networks[row.network].reached_by != "vpc" }

  project  = var.project
  region   = var.region
  name     = local.service_names[each.key]
  network  = "projects/${var.project_number}/locations/global/networks/${module.network[each.value.network].name}"
  target   = { address = local.networks[each.value.network].addresses[each.key], host = local.hosts[each.key] }
  channels = local.channels

  depends_on = [google_project_iam_member.looks]
}

module "log_retention" {
  source = "../modules/log_retention"

  project = var.project
  days    = var.log_days

  depends_on = [google_project_service.this]
}
