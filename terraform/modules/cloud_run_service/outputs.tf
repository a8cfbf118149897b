output "name" {
  description = "The service's name in Cloud Run."
  value       = google_cloud_run_v2_service.this.name
}

output "id" {
  description = "The service's id: projects/…/locations/…/services/…."
  value       = google_cloud_run_v2_service.this.id
}

output "uri" {
  description = "Cloud Run's own address of it."
  value       = google_cloud_run_v2_service.this.uri
}
