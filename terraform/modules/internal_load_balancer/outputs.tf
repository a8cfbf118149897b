output "address" {
  description = "The address that clients call."
  value       = google_compute_address.this.address
}

output "forwarding_rule" {
  description = "The id of the forwarding rule, which a service attachment can publish."
  value       = google_compute_forwarding_rule.this.id
}

output "authorization" {
  description = "The record (name, type, data) that proves the domain to Google; it belongs into the domain's public zone, once."
  value       = google_certificate_manager_dns_authorization.this.dns_resource_record[0]
}
