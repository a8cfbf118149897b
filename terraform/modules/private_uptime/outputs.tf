output "id" {
  description = "The check."
  value       = google_monitoring_uptime_check_config.this.id
}
