# A load balancer published to the networks that may call it, one way: the attachment opens no route. A consumer sees an
# address of its own; the producer sees calls from the attachment's subnet and can begin none.

resource "google_compute_service_attachment" "this" {
  project               = var.project
  region                = var.region
  name                  = var.name
  description           = "Publishes ${var.name} to the networks on its list, and to nobody else."
  target_service        = var.forwarding_rule
  nat_subnets           = [var.nat_subnetwork]
  connection_preference = "ACCEPT_MANUAL"
  enable_proxy_protocol = false
  # Taking a network off the list ends its connections too.
  reconcile_connections = true

  dynamic "consumer_accept_lists" {
    for_each = var.consumers
    content {
      network_url      = consumer_accept_lists.value.network
      connection_limit = 1
    }
  }
}

resource "google_compute_address" "endpoint" {
  for_each = var.consumers

  project      = var.project
  region       = var.region
  name         = "${each.key}-to-${var.name}"
  description  = "Where ${each.key} finds ${var.name}."
  address_type = "INTERNAL"
  subnetwork   = each.value.subnetwork
  address      = each.value.address
}

resource "google_compute_forwarding_rule" "endpoint" {
  for_each = var.consumers

  project                 = var.project
  region                  = var.region
  name                    = "${each.key}-to-${var.name}"
  network                 = each.value.network
  ip_address              = google_compute_address.endpoint[each.key].id
  target                  = google_compute_service_attachment.this.id
  load_balancing_scheme   = ""
  allow_psc_global_access = false
  no_automate_dns_zone    = true
}
