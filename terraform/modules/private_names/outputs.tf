output "zones" {
  description = "The private zones by name."
  value       = { for key, zone in google_dns_managed_zone.this : key => zone.dns_name }
}
