output "days" {
  description = "How long log lines are kept."
  value       = google_logging_project_bucket_config.default.retention_days
}
