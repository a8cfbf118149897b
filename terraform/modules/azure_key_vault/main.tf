# The vault of what must stay secret on this side: keys of one's own, and the tunnels' pre-shared key for the operators
# who hand it to both stacks. Terraform puts no value into it, so none is in the state by this way.

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32:The private endpoint is azure_private_endpoint's, in the stack's doors.tf.
  name                          = var.name
  resource_group_name           = var.place.resource_group
  location                      = var.place.location
  tenant_id                     = var.tenant_id
  sku_name                      = "premium"
  rbac_authorization_enabled    = true
  public_network_access_enabled = false
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  tags                          = var.place.tags

  # Storage that is encrypted with a key of one's own comes for it as a trusted service; it still needs the role.
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_role_assignment" "this" {
  for_each = var.roles

  scope                = azurerm_key_vault.this.id
  role_definition_name = each.value.role
  principal_id         = each.value.principal_id
  principal_type       = each.value.principal_type
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.this.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "audit"
  }
}
