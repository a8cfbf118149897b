output "names" {
  description = "The names of the two halves."
  value       = keys(google_compute_network_peering.this)
}
