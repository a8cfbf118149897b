output "azure_vpn" {
  description = "This end of the tunnels, for gcp's variable of that name: public addresses, ASN, BGP addresses, instance 0 first."
  value = {
    addresses     = module.vpn.addresses
    asn           = local.vpn.azure.asn
    bgp_addresses = local.vpn.tunnels[*].azure
  }

  precondition {
    condition     = var.gcp_vpn == null || try(var.gcp_vpn.asn == local.vpn.google.asn && join(" ", var.gcp_vpn.bgp_addresses) == join(" ", local.vpn.tunnels[*].google), false)
    error_message = "gcp_vpn is not what triggers/networks.yaml says of Google's end of the tunnels."
  }
}

output "azure_dns" {
  description = "For gcp's variable of that name: names that only this side answers, and where it does."
  value = {
    domains = ["${module.fraud.host}.", "privatelink.azurewebsites.net."]
    server  = module.resolver.address
  }
}

output "azure_entra" {
  description = "For gcp's variable of that name: with what callers of fraud ask Entra for a token; nothing of it is secret."
  value = {
    tenant_id = var.tenant_id
    scope     = module.entra.scope
    clients   = module.entra.clients
  }
}

output "fraud_address" {
  description = "Where fraud is called (BOUTIQUE_ADDRESS_FRAUD)."
  value       = "https://${module.fraud.host}"
}

output "fraud_app" {
  description = "What a deployment names: the resource group, the app, and the account and container of its packages."
  value = {
    resource_group = azurerm_resource_group.this.name
    app            = "boutique-${var.environment}-fraud-${var.unique}"
    account        = module.package.name
    container      = "releases"
  }
}
