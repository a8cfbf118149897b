# How long the log is kept, and whose readings are written down.

resource "google_logging_project_bucket_config" "default" {
  project          = var.project
  location         = "global"
  bucket_id        = "_Default"
  description      = "Everything but Google's own audit log, which is kept 400 days."
  retention_days   = var.days
  enable_analytics = true

  index_configs {
    field_path = "jsonPayload.order"
    type       = "INDEX_TYPE_STRING"
  }
}

resource "google_project_iam_audit_config" "this" {
  for_each = var.audited

  project = var.project
  service = each.key

  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }
}
