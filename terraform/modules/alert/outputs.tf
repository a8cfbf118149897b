output "id" {
  description = "The policy."
  value       = google_monitoring_alert_policy.this.id
}
