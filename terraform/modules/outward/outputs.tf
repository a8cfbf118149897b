output "name" {
  description = "The name of the address translation."
  value       = google_compute_router_nat.this.name
}
