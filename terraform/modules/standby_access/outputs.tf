output "access" {
  description = "For each service what its vpc_access says."
  value       = local.access
}

output "subnetwork" {
  description = "The id of the subnet."
  value       = google_compute_subnetwork.this.id
}
