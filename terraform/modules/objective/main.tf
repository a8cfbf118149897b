# A service level objective over 28 days, and who is told when what may fail is used up too fast: at once when an hour
# eats 2 % of the month, in the day's work when six hours eat 5 % (Google's SRE workbook, chapter 5: two windows each,
# so that an alert ends soon after what caused it).

locals {
  paces = {
    fast = { burn = 14.4, long = "3600s", short = "300s", severity = "CRITICAL" }
    slow = { burn = 6, long = "21600s", short = "1800s", severity = "WARNING" }
  }
  # An allowance of a twentieth can't burn 14 times as fast as planned for long; all of it failing is 20 times.
  most = 1 / (1 - var.goal)
}

resource "google_monitoring_slo" "this" {
  project             = var.project
  service             = var.service
  slo_id              = var.name
  display_name        = var.about
  goal                = var.goal
  rolling_period_days = 28

  dynamic "request_based_sli" {
    for_each = var.ratio[*]
    content {
      good_total_ratio {
        total_service_filter = request_based_sli.value.total
        good_service_filter  = request_based_sli.value.good
        bad_service_filter   = request_based_sli.value.bad
      }
    }
  }

  dynamic "request_based_sli" {
    for_each = var.latency[*]
    content {
      distribution_cut {
        distribution_filter = request_based_sli.value.filter
        range {
          max = request_based_sli.value.most
        }
      }
    }
  }

  dynamic "windows_based_sli" {
    for_each = var.level[*]
    content {
      # A mean over all series would hide the one that is too high; over a minute there is one value of each to add up.
      window_period = "60s"
      metric_sum_in_range {
        time_series = windows_based_sli.value.filter
        range {
          max = windows_based_sli.value.most
        }
      }
    }
  }
}

resource "google_monitoring_alert_policy" "burn" {
  for_each = local.paces

  project               = var.project
  display_name          = "${var.name} burns ${each.key}"
  combiner              = "AND"
  severity              = each.value.severity
  notification_channels = var.channels

  dynamic "conditions" {
    for_each = toset([each.value.long, each.value.short])
    content {
      display_name = "over ${conditions.value}"
      condition_threshold {
        filter          = "select_slo_burn_rate(\"${google_monitoring_slo.this.id}\", \"${conditions.value}\")"
        comparison      = "COMPARISON_GT"
        threshold_value = min(each.value.burn, local.most / 2)
        duration        = "0s"
        trigger {
          count = 1
        }
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${var.about} See docs/slo.md."
  }
  alert_strategy {
    auto_close = "86400s"
  }
}
