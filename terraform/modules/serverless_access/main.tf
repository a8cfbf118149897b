# How Cloud Run services enter a network. Direct VPC egress gives every instance an address of the subnet and every
# service a tag of its own, so that the firewall tells them apart. A Serverless VPC Access connector, for regions or
# quotas where there is no direct egress, is a few machines that all services share: then IAM alone tells them apart.

resource "google_vpc_access_connector" "this" {
  for_each = var.way == "connector" ? { this = var.machines } : {}

  project       = var.project
  region        = var.region
  name          = var.network.name
  machine_type  = each.value.type
  min_instances = 2
  max_instances = each.value.max

  subnet {
    name = var.subnetwork.name
  }
}

locals {
  tags = { for service in var.services : service => var.way == "direct" ? replace(service, "_", "-") : "vpc-connector" }
  access = {
    for service in var.services : service => {
      egress     = "ALL_TRAFFIC"
      connector  = var.way == "connector" ? google_vpc_access_connector.this["this"].id : null
      network    = var.way == "direct" ? var.network.id : null
      subnetwork = var.way == "direct" ? var.subnetwork.id : null
      tags       = var.way == "direct" ? [local.tags[service]] : []
    }
  }
}
