output "id" {
  description = "The gateway."
  value       = azurerm_virtual_network_gateway.this.id
}

output "addresses" {
  description = "The gateway's public addresses, instance 0 first; a peer's tunnel ends there."
  value       = [for instance in sort(keys(var.instances)) : azurerm_public_ip.this[instance].ip_address]
}
