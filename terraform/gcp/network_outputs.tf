output "vpn" {
  description = "This end of the tunnels, for azure's variable gcp_vpn: public addresses, ASN, BGP addresses, interface 0 first."
  value = {
    addresses     = module.vpn.addresses
    asn           = module.vpn.asn
    bgp_addresses = module.manifest.vpn.tunnels[*].google
  }
}

output "dns_authorizations" {
  description = "Records that belong into the domain's public zone, once, so that Google issues and renews the certificates."
  value       = { for service, balancer in module.internal_load_balancer : service => balancer.authorization }
}

output "cluster_network" {
  description = "Where the cluster is made: network, subnet; its secondary ranges are named pods and services."
  value       = { network = module.network["gke"].id, subnetwork = module.network["gke"].subnets["nodes"] }
}
