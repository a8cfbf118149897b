# A backend's address is private, and stays.

variables {
  project    = "boutique-test"
  region     = "europe-west1"
  name       = "crm"
  service    = "crm"
  network    = "projects/boutique-test/global/networks/crm"
  subnetwork = "projects/boutique-test/regions/europe-west1/subnetworks/crm-balancer"
  address    = "10.40.0.10"
  host       = "crm.boutique.example.com"
}

run "its_address_is_reserved_and_internal" {
  command = plan

  assert {
    condition     = google_compute_address.this.address == "10.40.0.10" && google_compute_address.this.address_type == "INTERNAL"
    error_message = "The address is reserved in the network."
  }
  assert {
    condition     = google_compute_forwarding_rule.this.load_balancing_scheme == "INTERNAL_MANAGED" && google_compute_forwarding_rule.this.port_range == "443"
    error_message = "It answers inside, by HTTPS alone."
  }
}

run "a_public_address_is_refused" {
  command = plan
  variables {
    address = "34.117.1.10"
  }
  expect_failures = [var.address]
}

run "a_name_that_is_no_host_is_refused" {
  command = plan
  variables {
    host = "crm"
  }
  expect_failures = [var.host]
}
