# No tunnel before Azure's gateway is known, then two.

variables {
  project    = "boutique-test"
  region     = "europe-west1"
  name       = "azure"
  network    = "projects/boutique-test/global/networks/serverless"
  asn        = 64514
  advertised = { egress = { cidr = "10.32.0.0/20", about = "Callers." } }
  tunnels    = [{ google = "169.254.21.1", azure = "169.254.21.2" }, { google = "169.254.22.1", azure = "169.254.22.2" }]
}

run "first_the_gateway_alone" {
  command = plan

  assert {
    condition     = length(google_compute_vpn_tunnel.this) == 0 && length(google_compute_router_peer.this) == 0
    error_message = "There is nobody to build a tunnel to."
  }
}

run "then_a_tunnel_from_each_interface_to_its_own_address" {
  command = plan
  variables {
    peer          = { addresses = ["203.0.113.1", "203.0.113.2"], asn = 65515 }
    shared_secret = "not-a-secret"
  }
  assert {
    condition     = [for place, tunnel in google_compute_vpn_tunnel.this : [tunnel.vpn_gateway_interface, tunnel.peer_external_gateway_interface]] == [[0, 0], [1, 1]]
    error_message = "Interface to instance."
  }
  assert {
    condition     = google_compute_router_interface.this["1"].ip_range == "169.254.22.1/30" && google_compute_router_peer.this["1"].peer_ip_address == "169.254.22.2"
    error_message = "BGP is spoken from the addresses of the rows."
  }
}

run "one_public_address_is_not_enough" {
  command = plan
  variables {
    peer          = { addresses = ["203.0.113.1", "203.0.113.1"], asn = 65515 }
    shared_secret = "not-a-secret"
  }
  expect_failures = [var.peer]
}

run "both_ends_of_a_tunnel_are_of_one_range" {
  command = plan
  variables {
    tunnels = [{ google = "169.254.21.1", azure = "169.254.21.6" }, { google = "169.254.22.1", azure = "169.254.22.2" }]
  }
  expect_failures = [var.tunnels]
}
