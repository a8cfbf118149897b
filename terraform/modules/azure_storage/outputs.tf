output "id" {
  description = "The account."
  value       = azurerm_storage_account.this.id
}

output "name" {
  description = "The account's name, once its roles are given."
  value       = azurerm_storage_account.this.name
  depends_on  = [azurerm_role_assignment.this]
}

output "endpoints" {
  description = "Where blobs and tables are: { blob, table }."
  value = {
    blob  = "https://${azurerm_storage_account.this.name}.blob.core.windows.net"
    table = "https://${azurerm_storage_account.this.name}.table.core.windows.net"
  }
}
