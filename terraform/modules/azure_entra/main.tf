# Who may call: one application for the API, and one for each caller, which a Google service account is, without a secret.
# A token of a caller's application names it in two claims: `azp`, the application, and `roles`, the caller's name.

locals {
  role_ids = { for caller in var.callers : caller => uuidv5("url", "https://online-boutique.example/${var.name}/callers/${caller}") }
}

resource "azuread_application" "api" {
  display_name            = var.name
  description             = "What tokens for ${var.name} are for."
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true

  api {
    requested_access_token_version = 2
  }

  dynamic "app_role" {
    for_each = local.role_ids

    content {
      id                   = app_role.value
      value                = app_role.key
      display_name         = app_role.key
      description          = "Calls as ${app_role.key}; what it may call is said in triggers/."
      allowed_member_types = ["Application"]
      enabled              = true
    }
  }

  lifecycle {
    ignore_changes = [identifier_uris]
  }
}

resource "azuread_application_identifier_uri" "api" {
  application_id = azuread_application.api.id
  identifier_uri = "api://${azuread_application.api.client_id}"
}

resource "azuread_service_principal" "api" {
  client_id                    = azuread_application.api.client_id
  description                  = "Gives tokens to those only who have a role."
  app_role_assignment_required = true
}

resource "azuread_application" "caller" {
  for_each = var.google_accounts

  display_name            = "${var.name}-caller-${each.key}"
  description             = "${each.key} on Google Cloud, where it calls ${var.name}."
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "caller" {
  for_each = var.google_accounts

  client_id   = azuread_application.caller[each.key].client_id
  description = "${each.key} on Google Cloud."
}

resource "azuread_application_federated_identity_credential" "google" {
  #checkov:skip=CKV_AZURE_249:The subject is one Google service account's unique id; no repository of GitHub's is trusted.
  for_each = var.google_accounts

  application_id = azuread_application.caller[each.key].id
  display_name   = "google"
  description    = "${each.key}'s Google service account, by its unique id."
  issuer         = "https://accounts.google.com"
  subject        = each.value
  audiences      = ["api://AzureADTokenExchange"]
}

resource "azuread_app_role_assignment" "caller" {
  for_each = var.google_accounts

  app_role_id         = local.role_ids[each.key]
  principal_object_id = azuread_service_principal.caller[each.key].object_id
  resource_object_id  = azuread_service_principal.api.object_id
}
