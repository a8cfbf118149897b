output "addresses" {
  description = "Where callers find each service, and for whom their tokens are."
  value       = local.addresses
}

output "services" {
  description = "Cloud Run's name of each service."
  value       = { for name, service in module.service : name => service.name }
}

output "accounts" {
  description = "The service account of everyone who calls: e-mail address, and the id that federations know it by."
  value       = { for name, account in google_service_account.this : name => { email = account.email, unique_id = account.unique_id } }
}

output "images" {
  description = "Where the one image of all services is pushed to."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}
