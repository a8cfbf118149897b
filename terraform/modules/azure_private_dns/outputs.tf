output "zones" {
  description = "Zones' ids by short name."
  value       = { for name, zone in azurerm_private_dns_zone.this : name => zone.id }
}
