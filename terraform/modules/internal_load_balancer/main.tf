# A regional internal Application Load Balancer in front of one Cloud Run service: an address of the network that stays,
# a name, a certificate for it. Clients keep both while instances come and go behind them.

resource "google_compute_address" "this" {
  project      = var.project
  region       = var.region
  name         = var.name
  description  = "Where ${var.name} answers; stays when the balancer is replaced."
  address_type = "INTERNAL"
  purpose      = "GCE_ENDPOINT"
  subnetwork   = var.subnetwork
  address      = var.address
}

resource "google_compute_region_network_endpoint_group" "this" {
  project               = var.project
  region                = var.region
  name                  = var.name
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = var.service
  }
}

resource "google_compute_region_backend_service" "this" {
  project               = var.project
  region                = var.region
  name                  = var.name
  protocol              = "HTTPS"
  load_balancing_scheme = "INTERNAL_MANAGED"

  backend {
    group           = google_compute_region_network_endpoint_group.this.id
    balancing_mode  = "UTILIZATION"
    capacity_scaler = 1
  }
  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_region_url_map" "this" {
  project         = var.project
  region          = var.region
  name            = var.name
  default_service = google_compute_region_backend_service.this.id
}

# Google renews the certificate by a record in the public zone of the name; nothing needs to be reachable for it, and no
# private key is in anybody's state or hands.
resource "google_certificate_manager_dns_authorization" "this" {
  project  = var.project
  location = var.region
  name     = var.name
  domain   = var.host
  type     = "PER_PROJECT_RECORD"
}

resource "google_certificate_manager_certificate" "this" {
  project  = var.project
  location = var.region
  name     = var.name

  managed {
    domains            = [var.host]
    dns_authorizations = [google_certificate_manager_dns_authorization.this.id]
  }
}

resource "google_compute_region_ssl_policy" "this" {
  project         = var.project
  region          = var.region
  name            = var.name
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_region_target_https_proxy" "this" {
  project                          = var.project
  region                           = var.region
  name                             = var.name
  url_map                          = google_compute_region_url_map.this.id
  certificate_manager_certificates = [google_certificate_manager_certificate.this.id]
  ssl_policy                       = google_compute_region_ssl_policy.this.id
}

resource "google_compute_forwarding_rule" "this" {
  project               = var.project
  region                = var.region
  name                  = var.name
  load_balancing_scheme = "INTERNAL_MANAGED"
  network               = var.network
  subnetwork            = var.subnetwork
  ip_address            = google_compute_address.this.address
  ip_protocol           = "TCP"
  port_range            = "443"
  target                = google_compute_region_target_https_proxy.this.id
  allow_global_access   = false
}
