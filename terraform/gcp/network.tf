# The private networks of triggers/networks.yaml and what may pass in them. Who may call whom is in the rows of the
# services (module.manifest.edges); nothing of that is said here again.

locals {
  networks = { for name, row in module.manifest.networks : name => row if row.cloud == "google" }
  ranges   = module.manifest.ranges

  # Services call from one of two subnets; ranges that are no subnets here are Google's, secondary ones and those of the
  # second region.
  calls_from      = var.serverless_access == "direct" ? "egress" : "connector"
  not_subnets     = ["control_plane", "pods", "services", "standby", local.calls_from == "egress" ? "connector" : "egress"]
  subnet_purposes = { proxies = "REGIONAL_MANAGED_PROXY", attachment = "PRIVATE_SERVICE_CONNECT" }

  # Services of Google by network, and the callers of each service that has a private address, by the callers' network.
  residents = { for name in keys(local.networks) : name => [for service, row in module.manifest.services : service if row.network == name] }
  ways = {
    for key, edges in { for edge in values(module.manifest.edges) : "${edge.from_network}-to-${edge.to}" => edge... if edge.reached_by != "vpc" } : key => {
      from_network = edges[0].from_network
      to           = edges[0].to
      to_network   = edges[0].to_network
      reached_by   = edges[0].reached_by
      callers      = sort(edges[*].from)
      # Inventory is called at the endpoint that Private Service Connect gives each network, others where they are.
      address = module.manifest.networks[
        edges[0].reached_by == "private_service_connect" ? edges[0].from_network : edges[0].to_network
      ].addresses[edges[0].to]
    }
  }
}

module "network" {
  source   = "../modules/network"
  for_each = local.networks

  project = var.project
  region  = var.region
  name    = each.key
  about   = each.value.about
  outward = length(local.outward[each.key]) > 0
  subnets = {
    for name, subnet in each.value.subnets : name => {
      cidr      = subnet.cidr
      about     = subnet.about
      purpose   = lookup(local.subnet_purposes, name, "PRIVATE")
      secondary = { for second in ["pods", "services"] : second => each.value.subnets[second].cidr if name == "nodes" }
    } if !contains(local.not_subnets, name)
  }
  google_apis = { google_apis = local.ranges.google_apis.cidr }

  depends_on = [google_project_service.this]
}

module "serverless_access" {
  source   = "../modules/serverless_access"
  for_each = { for name, services in local.residents : name => services if length(services) > 0 }

  project    = var.project
  region     = var.region
  services   = each.value
  network    = module.network[each.key]
  subnetwork = { id = module.network[each.key].subnets[local.calls_from], name = module.network[each.key].subnet_names[local.calls_from] }
  way        = var.serverless_access
}

locals {
  # What the vpc_access of each Cloud Run service says.
  serverless_access = merge(values(module.serverless_access)[*].access...)
}

module "outward" {
  source   = "../modules/outward"
  for_each = { for name, services in local.outward : name => services if length(services) > 0 }

  project    = var.project
  region     = var.region
  network    = module.network[each.key]
  subnetwork = module.network[each.key].subnets[local.calls_from]
}
