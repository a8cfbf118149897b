output "gcp_vpn" {
  description = "What Azure's stack needs of our VPN gateway: its two public addresses, in the order of its interfaces."
  value       = { addresses = module.vpn.addresses }
}

output "dns_authorizations" {
  description = "Records that belong into the domain's public zone, once, so that Google issues and renews the certificates."
  value       = { for service, balancer in module.internal_load_balancer : service => balancer.authorization }
}

output "cluster_network" {
  description = "Where the cluster is made: network, subnet; its secondary ranges are named pods and services."
  value       = { network = module.network["gke"].id, subnetwork = module.network["gke"].subnets["nodes"] }
}
