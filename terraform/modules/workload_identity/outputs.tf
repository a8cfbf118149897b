output "email" {
  description = "The account's e-mail address, which tokens bear."
  value       = google_service_account.this.email
}

output "member" {
  description = "The account as IAM names it."
  value       = google_service_account.this.member
}
