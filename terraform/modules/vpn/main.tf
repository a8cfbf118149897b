# HA VPN from one network of ours to Azure: a gateway with two public addresses, and once Azure's gateway is known a
# tunnel from each to one of Azure's two addresses, with BGP inside. Either tunnel carries everything.

resource "google_compute_ha_vpn_gateway" "this" {
  project = var.project
  region  = var.region
  name    = var.name
  network = var.network
}

resource "google_compute_router" "this" {
  project     = var.project
  region      = var.region
  name        = var.name
  description = "Tells Azure the ranges that its answers go to, and nothing else."
  network     = var.network

  bgp {
    asn               = var.asn
    advertise_mode    = "CUSTOM"
    advertised_groups = []

    dynamic "advertised_ip_ranges" {
      for_each = var.advertised
      content {
        range       = advertised_ip_ranges.value.cidr
        description = advertised_ip_ranges.value.about
      }
    }
  }
}

resource "google_compute_external_vpn_gateway" "azure" {
  for_each = local.peers

  project         = var.project
  name            = "${var.name}-azure"
  description     = "Azure's active-active VPN gateway."
  redundancy_type = "TWO_IPS_REDUNDANCY"

  dynamic "interface" {
    for_each = each.value.addresses
    content {
      id         = interface.key
      ip_address = interface.value
    }
  }
}

locals {
  peers   = var.peer == null ? {} : { azure = var.peer }
  tunnels = var.peer == null ? {} : { for place, ends in var.tunnels : tostring(place) => ends }
}

resource "google_compute_vpn_tunnel" "this" {
  for_each = local.tunnels

  project                         = var.project
  region                          = var.region
  name                            = "${var.name}-${each.key}"
  vpn_gateway                     = google_compute_ha_vpn_gateway.this.id
  vpn_gateway_interface           = tonumber(each.key)
  peer_external_gateway           = google_compute_external_vpn_gateway.azure["azure"].id
  peer_external_gateway_interface = tonumber(each.key)
  router                          = google_compute_router.this.id
  ike_version                     = 2
  # Write-only: it is sent to Google and kept in no plan and no state.
  shared_secret_wo         = var.shared_secret
  shared_secret_wo_version = var.shared_secret_version
}

resource "google_compute_router_interface" "this" {
  for_each = local.tunnels

  project    = var.project
  region     = var.region
  name       = "${var.name}-${each.key}"
  router     = google_compute_router.this.name
  ip_range   = "${each.value.google}/30"
  vpn_tunnel = google_compute_vpn_tunnel.this[each.key].name
}

resource "google_compute_router_peer" "this" {
  for_each = local.tunnels

  project         = var.project
  region          = var.region
  name            = "${var.name}-${each.key}"
  router          = google_compute_router.this.name
  interface       = google_compute_router_interface.this[each.key].name
  peer_ip_address = each.value.azure
  peer_asn        = var.peer.asn
}
