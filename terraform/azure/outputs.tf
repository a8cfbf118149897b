output "azure_vpn" {
  description = "For gcp's variable of that name: this gateway's public addresses, instance 0 first."
  value       = { addresses = module.vpn.addresses }
}

output "fraud_host" {
  description = "For gcp's variable of that name: where fraud is called, a name that has an address only in the VNet and behind the tunnel."
  value       = module.fraud.host
}

output "azure_entra" {
  description = "For gcp's variable of that name: with what callers of fraud ask Entra for a token. Nothing of it is secret."
  value = {
    tenant_id = var.tenant_id
    scope     = module.entra.scope
    clients   = module.entra.clients
  }
}

output "resolver" {
  description = "Where names of this VNet are asked for."
  value       = module.resolver.address
}

output "fraud_app" {
  description = "What a deployment names: the resource group, the app, and the account and container of its packages."
  value = {
    resource_group = azurerm_resource_group.this.name
    app            = var.app
    account        = module.package.name
    container      = "releases"
  }
}
