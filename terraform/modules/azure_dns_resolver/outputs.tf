output "address" {
  description = "Where the other cloud asks for names of this VNet."
  value       = one(azurerm_private_dns_resolver_inbound_endpoint.this.ip_configurations[*].private_ip_address)
}
