output "id" {
  description = "The app."
  value       = azurerm_function_app_flex_consumption.this.id
}

output "host" {
  description = "The app's name in DNS, which only the private zone answers with an address."
  value       = "${var.name}.azurewebsites.net"
  depends_on  = [azurerm_function_app_flex_consumption.this]
}
