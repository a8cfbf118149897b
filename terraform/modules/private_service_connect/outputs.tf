output "attachment" {
  description = "The id of the service attachment."
  value       = google_compute_service_attachment.this.id
}

output "addresses" {
  description = "The address of each consumer's endpoint, by the consumer's name."
  value       = { for name, address in google_compute_address.endpoint : name => address.address }
}
