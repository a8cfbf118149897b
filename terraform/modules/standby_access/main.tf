# How services that stand by in a second region enter their network: a subnet of that region for Direct VPC egress, with
# the tags by which the network's firewall knows each of them already.

resource "google_compute_subnetwork" "this" {
  project                  = var.project
  region                   = var.region
  network                  = var.network.id
  name                     = "${var.network.name}-standby"
  description              = "Direct VPC egress of services that stand by."
  ip_cidr_range            = var.cidr
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

locals {
  access = {
    for service, tag in var.tags : service => {
      egress     = "ALL_TRAFFIC"
      connector  = null
      network    = var.network.id
      subnetwork = google_compute_subnetwork.this.id
      tags       = [tag]
    }
  }
}
