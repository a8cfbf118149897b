# Somebody is told when a measure is above or below what it may be.

resource "google_monitoring_alert_policy" "this" {
  project               = var.project
  display_name          = var.name
  combiner              = "OR"
  severity              = var.severity
  notification_channels = var.channels

  conditions {
    display_name = var.name
    condition_threshold {
      filter          = var.filter
      comparison      = var.above == null ? "COMPARISON_LT" : "COMPARISON_GT"
      threshold_value = coalesce(var.above, var.below)
      duration        = "${var.lasting}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = var.aligner
        cross_series_reducer = length(var.by) == 0 ? "REDUCE_NONE" : var.aligner == "ALIGN_DELTA" ? "REDUCE_SUM" : var.above == null ? "REDUCE_MIN" : "REDUCE_MAX"
        group_by_fields      = var.by
      }
      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = var.about
  }
  alert_strategy {
    auto_close = "86400s"
  }
}
