output "client_id" {
  description = "The API's application."
  value       = azuread_application.api.client_id
}

output "audiences" {
  description = "What a token for the API may name as its audience."
  value       = toset([azuread_application.api.client_id, azuread_application_identifier_uri.api.identifier_uri])
}

output "scope" {
  description = "What a caller asks a token for."
  value       = "${azuread_application_identifier_uri.api.identifier_uri}/.default"
}

output "clients" {
  description = "Callers' applications (client ids) by caller."
  value       = { for caller, application in azuread_application.caller : caller => application.client_id }
}
