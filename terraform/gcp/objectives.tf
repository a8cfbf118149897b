# What is promised (docs/slo.md says why), measured by Google's own metrics and those of observability.tf.

locals {
  # Services that somebody waits for: those that a row lets another service or the storefront call.
  awaited = toset([for edge in values(module.manifest.edges) : edge.to if contains(keys(local.services), edge.to) && !contains(["operator", "data_warehouse"], edge.from)])

  asked   = { for service in local.awaited : service => "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${local.service_names[service]}\"" }
  took    = { for service in local.awaited : service => "metric.type=\"run.googleapis.com/request_latencies\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${local.service_names[service]}\"" }
  counted = "metric.type=\"${module.metric["requests"].type}\" resource.type=\"cloud_run_revision\""
  placed  = "${local.counted} metric.label.service=\"checkout\" metric.label.method=\"POST\" metric.label.route=\"/orders\""
  paid    = "${local.counted} metric.label.service=\"payment\" metric.label.method=\"POST\" metric.label.route=\"/authorizations\""

  objectives = merge(
    { for service, filter in local.asked : "${local.service_names[service]}-availability" => {
      about = "${service} answers 99.95 % of requests with anything but a 5xx."
      goal  = 0.9995
      ratio = { total = filter, bad = "${filter} metric.label.response_code_class=\"5xx\"" }
    } },
    { for service, filter in local.took : "${local.service_names[service]}-latency" => {
      about   = "${service} answers 95 % of requests within 200 ms."
      goal    = 0.95
      latency = { filter = filter, most = 200 }
    } if service != "checkout" },
    {
      checkout-p95 = {
        about   = "95 % of orders are answered within 1 s."
        goal    = 0.95
        latency = { filter = "metric.type=\"${module.metric["order_latency"].type}\" resource.type=\"cloud_run_revision\"", most = 1000 }
      }
      event-age = {
        about = "In 99 % of all minutes the oldest events that wait, of all subscriptions together, have waited less than 60 s."
        goal  = 0.99
        level = { filter = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\" resource.label.subscription_id!=monitoring.regex.full_match(\".*[.]dead-letter\")", most = 60 }
      }
      order-completion = {
        about = "95 % of orders that are well-formed are taken: confirmed, held for review, or waiting for the customer's bank."
        goal  = 0.95
        ratio = { total = "${local.placed} metric.label.status=monitoring.regex.full_match(\"2..|402|409|5..\")", good = "${local.placed} metric.label.status=monitoring.regex.full_match(\"2..\")" }
      }
      payment-success = {
        about = "98 % of authorizations succeed."
        goal  = 0.98
        ratio = { total = "${local.paid} metric.label.status=monitoring.regex.full_match(\"2..|402|5..\")", good = "${local.paid} metric.label.status=monitoring.regex.full_match(\"2..\")" }
      }
    },
  )
}

resource "google_monitoring_custom_service" "boutique" {
  project      = var.project
  service_id   = "boutique"
  display_name = "Online Boutique"

  depends_on = [google_project_service.this]
}

module "objective" {
  source   = "../modules/objective"
  for_each = local.objectives

  project  = var.project
  name     = each.key
  about    = each.value.about
  service  = google_monitoring_custom_service.boutique.service_id
  goal     = each.value.goal
  ratio    = try(each.value.ratio, null)
  latency  = try(each.value.latency, null)
  level    = try(each.value.level, null)
  channels = local.channels
}
