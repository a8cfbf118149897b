output "id" {
  description = "The objective."
  value       = google_monitoring_slo.this.id
}
