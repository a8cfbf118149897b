# One page to look at first: what customers feel, what waits, what failed, service by service.

locals {
  charts = {
    "Orders by status"                       = { filter = local.placed, by = "metric.label.status", aligner = "ALIGN_RATE" }
    "Time that orders take (p95, ms)"        = { filter = "metric.type=\"${module.metric["order_latency"].type}\"", by = "resource.label.service_name", aligner = "ALIGN_PERCENTILE_95" }
    "Payments by status"                     = { filter = local.paid, by = "metric.label.status", aligner = "ALIGN_RATE" }
    "Requests by service"                    = { filter = "metric.type=\"run.googleapis.com/request_count\"", by = "resource.label.service_name", aligner = "ALIGN_RATE" }
    "5xx by service"                         = { filter = "metric.type=\"run.googleapis.com/request_count\" metric.label.response_code_class=\"5xx\"", by = "resource.label.service_name", aligner = "ALIGN_RATE" }
    "Time that requests take (p95, ms)"      = { filter = "metric.type=\"run.googleapis.com/request_latencies\"", by = "resource.label.service_name", aligner = "ALIGN_PERCENTILE_95" }
    "Instances by service"                   = { filter = "metric.type=\"run.googleapis.com/container/instance_count\"", by = "resource.label.service_name", aligner = "ALIGN_MAX" }
    "Age of the oldest event that waits (s)" = { filter = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"", by = "resource.label.subscription_id", aligner = "ALIGN_MAX" }
    "Dead letters"                           = { filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.label.subscription_id=monitoring.regex.full_match(\".*[.]dead-letter\")", by = "resource.label.subscription_id", aligner = "ALIGN_MAX" }
    "Defects by service"                     = { filter = "metric.type=\"${module.metric["defects"].type}\"", by = "metric.label.service", aligner = "ALIGN_DELTA" }
    "Events that the relay had to send"      = { filter = "metric.type=\"${module.metric["unpublished"].type}\"", by = "metric.label.service", aligner = "ALIGN_DELTA" }
    "Tunnels to Azure"                       = { filter = "metric.type=\"vpn.googleapis.com/tunnel_established\"", by = "metric.label.tunnel_name", aligner = "ALIGN_MIN" }
  }
}

resource "google_monitoring_dashboard" "boutique" {
  project = var.project

  dashboard_json = jsonencode({
    displayName = "Online Boutique ${var.environment}"
    mosaicLayout = {
      columns = 12
      tiles = [for place, title in sort(keys(local.charts)) : {
        xPos   = place % 3 * 4
        yPos   = floor(place / 3) * 4
        width  = 4
        height = 4
        widget = {
          title = title
          xyChart = {
            dataSets = [{
              plotType   = "LINE"
              targetAxis = "Y1"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = local.charts[title].filter
                  aggregation = {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = local.charts[title].aligner
                    crossSeriesReducer = contains(["ALIGN_RATE", "ALIGN_DELTA"], local.charts[title].aligner) ? "REDUCE_SUM" : local.charts[title].aligner == "ALIGN_MIN" ? "REDUCE_MIN" : "REDUCE_MAX"
                    groupByFields      = [local.charts[title].by]
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })

  depends_on = [google_project_service.this]
}
