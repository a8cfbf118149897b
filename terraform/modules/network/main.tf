# A VPC with its subnets, in which nothing may come or go until a rule of modules/firewall allows it.

resource "google_compute_network" "this" {
  project                         = var.project
  name                            = var.name
  description                     = var.about
  auto_create_subnetworks         = false
  delete_default_routes_on_create = !var.outward
  routing_mode                    = "REGIONAL"
}

resource "google_compute_subnetwork" "this" {
  # checkov:skip=CKV_GCP_74:on for every subnet that something calls from; Google refuses it for those of its proxies and of attachments

  for_each = var.subnets

  project                  = var.project
  region                   = var.region
  network                  = google_compute_network.this.id
  name                     = "${var.name}-${replace(each.key, "_", "-")}"
  description              = each.value.about
  ip_cidr_range            = each.value.cidr
  purpose                  = each.value.purpose
  role                     = each.value.purpose == "REGIONAL_MANAGED_PROXY" ? "ACTIVE" : null
  private_ip_google_access = each.value.purpose == "PRIVATE"

  dynamic "secondary_ip_range" {
    for_each = each.value.secondary
    content {
      range_name    = secondary_ip_range.key
      ip_cidr_range = secondary_ip_range.value
    }
  }

  # Google keeps no flow logs of the subnets that its own proxies and address translation use.
  dynamic "log_config" {
    for_each = each.value.purpose == "PRIVATE" ? [var.flow_sampling] : []
    content {
      aggregation_interval = "INTERVAL_1_MIN"
      flow_sampling        = log_config.value
      metadata             = "INCLUDE_ALL_METADATA"
    }
  }
}

# Without a route to the Internet, Google's own range for its APIs needs one; it leads to Google and no further.
resource "google_compute_route" "google_apis" {
  for_each = var.outward ? {} : var.google_apis

  project          = var.project
  name             = "${var.name}-${replace(each.key, "_", "-")}"
  description      = "Google's APIs, without the Internet."
  network          = google_compute_network.this.id
  dest_range       = each.value
  next_hop_gateway = "default-internet-gateway"
}

resource "google_compute_firewall" "deny" {
  for_each = toset(["INGRESS", "EGRESS"])

  project            = var.project
  name               = "${var.name}-deny-${lower(each.key)}"
  description        = "What no rule allows is refused, and logged."
  network            = google_compute_network.this.id
  direction          = each.key
  priority           = 65000
  source_ranges      = each.key == "INGRESS" ? ["0.0.0.0/0"] : null
  destination_ranges = each.key == "EGRESS" ? ["0.0.0.0/0"] : null

  deny {
    protocol = "all"
  }
  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}
