# A storage account that knows identities only: no keys, no signatures, no public door.

resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV_AZURE_206:By variable: what lasts has a second region (GZRS); packages are built again.
  #checkov:skip=CKV_AZURE_36:No service is trusted for being Microsoft's; identities come through the private endpoint.
  #checkov:skip=CKV_AZURE_33:There are no queues.
  #checkov:skip=CKV2_AZURE_33:The private endpoint is azure_private_endpoint's, in the stack's doors.tf.
  name                              = var.name
  resource_group_name               = var.place.resource_group
  location                          = var.place.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = var.replication
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  public_network_access_enabled     = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  allowed_copy_scope                = "AAD"
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true
  queue_encryption_key_type         = "Account"
  table_encryption_key_type         = "Account"
  tags                              = var.place.tags

  network_rules {
    default_action = "Deny"
    bypass         = ["None"]
  }

  sas_policy {
    expiration_period = "00.01:00:00"
    expiration_action = "Block"
  }

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  dynamic "identity" {
    for_each = var.customer_key[*]

    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.identity_id]
    }
  }

  dynamic "customer_managed_key" {
    for_each = var.customer_key[*]

    content {
      key_vault_key_id          = customer_managed_key.value.key_id
      user_assigned_identity_id = customer_managed_key.value.identity_id
    }
  }
}

resource "azurerm_storage_container" "this" {
  #checkov:skip=CKV2_AZURE_21:Logged by a diagnostic setting: the stack's monitoring.tf.
  for_each = var.containers

  name                  = each.key
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

resource "azurerm_storage_table" "this" {
  #checkov:skip=CKV2_AZURE_20:Logged by a diagnostic setting: the stack's monitoring.tf.
  for_each = var.tables

  name               = each.key
  storage_account_id = azurerm_storage_account.this.id
}

resource "azurerm_role_assignment" "this" {
  for_each = var.readers_and_writers

  scope                = azurerm_storage_account.this.id
  role_definition_name = each.value.role
  principal_id         = each.value.principal_id
  principal_type       = "ServicePrincipal"
}
