# The fraud service: its package, its history, its app, and who may call it.

module "entra" {
  source = "../modules/azure_entra"

  name            = "${local.name}-fraud"
  callers         = local.callers
  google_accounts = var.google_accounts
}

locals {
  storage_role = { principal_id = azurerm_user_assigned_identity.fraud.principal_id }
  customer_key = var.customer_key_id == null ? null : { key_id = var.customer_key_id, identity_id = azurerm_user_assigned_identity.storage.id }
}

# As whom storage asks the vault for its key.
resource "azurerm_user_assigned_identity" "storage" {
  name                = "${local.name}-storage"
  resource_group_name = local.place.resource_group
  location            = var.location
  tags                = local.place.tags
}

module "package" {
  source = "../modules/azure_storage"

  place        = local.place
  name         = "boutique${var.environment}pkg${var.unique}"
  replication  = local.lasting ? "ZRS" : "LRS"
  containers   = ["releases"]
  customer_key = local.customer_key

  # The host keeps its own locks and secrets in blobs: it is their owner, of this account alone.
  readers_and_writers = { host = merge(local.storage_role, { role = "Storage Blob Data Owner" }) }
  depends_on          = [module.vault]
}

module "history" {
  source = "../modules/azure_storage"

  place        = local.place
  name         = "boutique${var.environment}hist${var.unique}"
  replication  = local.lasting ? "GZRS" : "LRS"
  tables       = ["history"]
  customer_key = local.customer_key

  readers_and_writers = { fraud = merge(local.storage_role, { role = "Storage Table Data Contributor" }) }
  depends_on          = [module.vault]
}

module "vault" {
  source = "../modules/azure_key_vault"

  place        = local.place
  name         = "boutique-${var.environment}-${var.unique}"
  tenant_id    = var.tenant_id
  workspace_id = module.monitoring.workspace_id

  roles = merge(
    { storage = { role = "Key Vault Crypto Service Encryption User", principal_id = azurerm_user_assigned_identity.storage.principal_id, principal_type = "ServicePrincipal" } },
    { for id in var.operators_group[*] : "operators" => { role = "Key Vault Secrets Officer", principal_id = id, principal_type = "Group" } },
  )
}

module "fraud" {
  source = "../modules/azure_function_app"

  place                      = local.place
  name                       = var.app
  scale                      = local.fraud.scale
  subnet_id                  = module.network.subnets["functions"]
  identity                   = { id = azurerm_user_assigned_identity.fraud.id, client_id = azurerm_user_assigned_identity.fraud.client_id }
  host_storage               = { account = module.package.name, blobs = module.package.endpoints.blob, container = "releases" }
  insights_connection_string = module.monitoring.connection_string

  settings = merge(
    {
      BOUTIQUE_PLATFORM        = "cloud"
      BOUTIQUE_LOG_LEVEL       = "INFO"
      BOUTIQUE_ENTRA_TENANT    = var.tenant_id
      BOUTIQUE_ENTRA_AUDIENCE  = module.entra.client_id
      BOUTIQUE_TABLES          = module.history.endpoints.table
      BOUTIQUE_TABLE           = "history"
      BOUTIQUE_IDENTITY_CLIENT = azurerm_user_assigned_identity.fraud.client_id
    },
    { for caller, client in module.entra.clients : "BOUTIQUE_ENTRA_CALLER_${upper(replace(caller, "-", "_"))}" => client },
  )

  sign_in = {
    tenant_id  = var.tenant_id
    client_id  = module.entra.client_id
    audiences  = module.entra.audiences
    clients    = length(module.entra.clients) > 0 ? values(module.entra.clients) : [module.entra.client_id]
    open_paths = ["/api/health"]
  }
}
