# A function's schedule: a POST to its door with a token, in UTC.

resource "google_cloud_scheduler_job" "this" {
  project          = var.project
  region           = var.region
  name             = var.name
  description      = var.about
  schedule         = var.cron
  time_zone        = "Etc/UTC"
  paused           = var.paused
  attempt_deadline = "${max(15, var.timeout_s)}s"

  http_target {
    uri         = var.endpoint
    http_method = "POST"
    headers     = { Content-Type = "application/json" }
    body        = base64encode("{}")

    oidc_token {
      service_account_email = var.account
      audience              = var.audience
    }
  }
  # The next minute's run does what this one left; a run a day must not be lost to one failure.
  retry_config {
    retry_count          = var.cron == "* * * * *" ? 0 : 5
    min_backoff_duration = "5s"
    max_backoff_duration = "300s"
    max_doublings        = 4
  }
}
