output "id" {
  description = "The VNet."
  value       = azurerm_virtual_network.this.id
}

output "subnets" {
  description = "Subnets' ids by name; each is guarded before anybody can be put into it."
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }
  depends_on  = [azurerm_subnet_network_security_group_association.this, azurerm_network_security_rule.refused]
}
