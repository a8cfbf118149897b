output "address" {
  description = "The address that the service is reached at; null where Azure chooses several."
  value       = var.address
  depends_on  = [azurerm_private_endpoint.this]
}
