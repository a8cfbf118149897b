# The firewalls: what the rows allow, above the refusal of everything.

locals {
  # How a firewall knows a caller: services and machines by a tag. Pods have addresses of their own and no tags.
  tags = merge(
    { for name, row in module.manifest.callers : name => can(module.manifest.networks[row.network].subnets.pods) ? [] : [name] },
    { for service, tag in merge(values(module.serverless_access)[*].tags...) : service => [tag] },
  )
  outward = { for name, services in local.residents : name => sort(setintersection(services, keys(module.manifest.outward))) }

  calls = {
    for name in keys(local.networks) : name => {
      for key, way in local.ways : "to-${way.to}" => {
        about     = "${join(", ", way.callers)} to ${way.to}, as its rows say."
        direction = "EGRESS"
        ranges    = ["${way.address}/32"]
        tags      = distinct(flatten([for caller in way.callers : local.tags[caller]]))
      } if way.from_network == name
    }
  }
  google = {
    google-apis = {
      about     = local.ranges.google_apis.about
      direction = "EGRESS"
      ranges    = [local.ranges.google_apis.cidr]
    }
  }
  # A way out must be no way to private addresses: those are refused first.
  internet = {
    for name, services in local.outward : name => {
      for key, rule in {
        private = {
          about     = "Private addresses are reached by the rules above or not at all."
          direction = "EGRESS"
          ranges    = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
          protocol  = "all"
          ports     = []
          allows    = false
          priority  = 2000
        }
        outward = {
          about     = "${join(", ", services)} to the Internet, as networks.yaml says."
          direction = "EGRESS"
          ranges    = ["0.0.0.0/0"]
          tags      = distinct(flatten([for service in services : local.tags[service]]))
          ports     = ["443", "465", "587"]
          priority  = 3000
        }
      } : key => rule if length(services) > 0
    }
  }
  cluster = {
    for name, row in local.networks : name => {
      for key, rule in {
        inside-out  = { direction = "EGRESS", subnets = ["nodes", "pods", "services"], protocol = "all", ports = [], about = "The cluster's nodes, pods and services among themselves." }
        inside-in   = { direction = "INGRESS", subnets = ["nodes", "pods", "services"], protocol = "all", ports = [], about = "The cluster's nodes, pods and services among themselves." }
        control-out = { direction = "EGRESS", subnets = ["control_plane"], protocol = "tcp", ports = ["443"], about = "Nodes to their control plane." }
        control-in  = { direction = "INGRESS", subnets = ["control_plane"], protocol = "tcp", ports = ["443", "8443", "10250"], about = "The control plane to kubelets and webhooks." }
        } : key => {
        about     = rule.about
        direction = rule.direction
        ranges    = [for subnet in rule.subnets : row.subnets[subnet].cidr]
        protocol  = rule.protocol
        ports     = rule.ports
      } if can(row.subnets.pods)
    }
  }
  people = {
    for name, row in local.networks : name => {
      for key, rule in {
        operator-in = {
          about     = local.ranges.google_iap.about
          direction = "INGRESS"
          ranges    = [local.ranges.google_iap.cidr]
          tags      = local.tags["operator"]
          ports     = ["22"]
        }
      } : key => rule if can(row.subnets.operators)
    }
  }
}

module "firewall" {
  source   = "../modules/firewall"
  for_each = local.networks

  project = var.project
  network = module.network[each.key]
  rules = merge(
    local.google,
    local.calls[each.key],
    local.internet[each.key],
    local.cluster[each.key],
    local.people[each.key],
  )
}
