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

# Where the resolver of the VPN's network answers: Google picks an address of every subnet when inbound forwarding is
# turned on. Azure is told of the range that services call from, so it can reach the one there.
data "google_compute_addresses" "resolver" {
  project = var.project
  region  = var.region
  filter  = "purpose = \"DNS_RESOLVER\""

  depends_on = [module.private_names]
}

output "dns" {
  description = "For azure's variable gcp_dns: the domain of our private names, and where questions about it are answered."
  value = {
    services = {
      domain = "${var.domain}."
      servers = [
        for each in data.google_compute_addresses.resolver.addresses : each.address
        if try(cidrhost("${each.address}/${split("/", local.resolving)[1]}", 0) == cidrhost(local.resolving, 0), false)
      ]
    }
  }
}

locals {
  resolving = local.networks[module.manifest.vpn.google.network].subnets[local.calls_from].cidr
}
