output "addresses" {
  description = "Where callers find each service in the region that serves, and for whom their tokens are."
  value       = local.active_addresses
}

output "services" {
  description = "Cloud Run's name of each service."
  value       = { for name, service in module.service : name => service.name }
}

output "accounts" {
  description = "The e-mail address of the service account of everyone who calls."
  value       = local.emails
}

output "account_ids" {
  description = "For Azure's variable google_accounts: by which id Entra's federated credentials know the callers of fraud."
  value       = { for caller in local.callers_of_fraud : caller => google_service_account.this[caller].unique_id }
}

output "images" {
  description = "Where the one image of all services is pushed to."
  value       = "${var.image_location}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}
