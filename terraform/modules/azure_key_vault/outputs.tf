output "id" {
  description = "The vault."
  value       = azurerm_key_vault.this.id
}
