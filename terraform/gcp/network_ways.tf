# How a caller in one network reaches a service in another: load balancers at addresses that stay, the service
# attachment that publishes inventory, peerings.

module "internal_load_balancer" {
  source = "../modules/internal_load_balancer"
  for_each = {
    for service, row in module.manifest.services : service => row.network
    if can(local.networks[row.network].subnets.balancer)
  }

  project    = var.project
  region     = var.region
  name       = replace(each.key, "_", "-")
  service    = local.service_names[each.key]
  host       = local.hosts[each.key]
  network    = module.network[each.value].id
  subnetwork = module.network[each.value].subnets["balancer"]
  address    = local.networks[each.value].addresses[each.key]
}

module "private_service_connect" {
  source = "../modules/private_service_connect"
  for_each = {
    for service, row in module.manifest.services : service => row.network
    if module.manifest.networks[row.network].reached_by == "private_service_connect"
  }

  project         = var.project
  region          = var.region
  name            = replace(each.key, "_", "-")
  forwarding_rule = module.internal_load_balancer[each.key].forwarding_rule
  nat_subnetwork  = module.network[each.value].subnets["attachment"]
  consumers = {
    for key, way in local.ways : way.from_network => {
      network    = module.network[way.from_network].id
      subnetwork = module.network[way.from_network].subnets["endpoints"]
      address    = way.address
    } if way.to == each.key
  }
}

module "peering" {
  source = "../modules/peering"
  for_each = {
    for pair in distinct([
      for way in values(local.ways) : [way.from_network, way.to_network]
      if contains(["internal_load_balancer", "peering"], way.reached_by)
    ]) : join("-", pair) => pair
  }

  one   = module.network[each.value[0]]
  other = module.network[each.value[1]]
}

module "private_names" {
  source   = "../modules/private_names"
  for_each = local.networks

  project = var.project
  network = module.network[each.key]
  domain  = var.domain
  hosts = {
    for way in values(local.ways) : local.hosts[way.to] => way.address
    if way.from_network == each.key && way.reached_by != "vpn"
  }
  run_hosts = toset(concat(
    [for edge in values(module.manifest.edges) : local.run_hosts[edge.to] if edge.from_network == each.key && edge.reached_by == "vpc"],
    # Names of the second region are known while it serves alone: they lead around load balancers and endpoints.
    var.active == "primary" ? [] : [for edge in values(module.manifest.edges) : local.standby_hosts[edge.to] if edge.from_network == each.key && can(local.standby_hosts[edge.to])],
  ))
  google_apis    = local.ranges.google_apis.cidr
  answers_others = each.key == module.manifest.vpn.google.network
  forwarded = {
    for way in values(local.ways) : var.fraud_host => module.manifest.networks[way.to_network].addresses["resolver"]
    if way.from_network == each.key && way.reached_by == "vpn"
  }
}

module "workload_identity" {
  source   = "../modules/workload_identity"
  for_each = var.kubernetes_callers

  project         = var.project
  cluster_project = var.cluster_project
  name            = "${local.prefix}${each.key}"
  about           = module.manifest.callers[each.key].about
  kubernetes      = each.value

  depends_on = [google_project_service.this]
}
