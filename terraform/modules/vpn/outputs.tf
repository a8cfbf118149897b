output "addresses" {
  description = "The gateway's two public addresses, in the order of its interfaces."
  value       = google_compute_ha_vpn_gateway.this.vpn_interfaces[*].ip_address
}

output "asn" {
  description = "Google's autonomous system number."
  value       = var.asn
}

output "tunnels" {
  description = "The names of the tunnels."
  value       = { for place, tunnel in google_compute_vpn_tunnel.this : place => tunnel.name }
}
