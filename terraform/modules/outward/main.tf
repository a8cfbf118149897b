# The way out to the Internet for one subnet, by address translation: nothing in it has a public address, and nobody
# outside can begin a connection. Who may use it is the firewall's to say.

resource "google_compute_router" "this" {
  project = var.project
  region  = var.region
  name    = "${var.network.name}-outward"
  network = var.network.id
}

resource "google_compute_router_nat" "this" {
  project                             = var.project
  region                              = var.region
  name                                = "${var.network.name}-outward"
  router                              = google_compute_router.this.name
  nat_ip_allocate_option              = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat  = "LIST_OF_SUBNETWORKS"
  enable_dynamic_port_allocation      = true
  enable_endpoint_independent_mapping = false

  subnetwork {
    name                    = var.subnetwork
    source_ip_ranges_to_nat = ["PRIMARY_IP_RANGE"]
  }
  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
