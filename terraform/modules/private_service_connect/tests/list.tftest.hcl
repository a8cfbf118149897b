# Who is not on the list is not accepted; there is no list of everyone.

variables {
  project         = "boutique-test"
  region          = "europe-west1"
  name            = "inventory"
  forwarding_rule = "projects/boutique-test/regions/europe-west1/forwardingRules/inventory"
  nat_subnetwork  = "projects/boutique-test/regions/europe-west1/subnetworks/inventory-attachment"
  consumers = {
    gke = { network = "projects/boutique-test/global/networks/gke", subnetwork = "projects/boutique-test/regions/europe-west1/subnetworks/gke-endpoints", address = "10.16.16.10" }
  }
}

run "consumers_are_named_one_by_one" {
  command = plan

  assert {
    condition     = google_compute_service_attachment.this.connection_preference == "ACCEPT_MANUAL"
    error_message = "Nobody is accepted unasked."
  }
  assert {
    condition     = [for each in google_compute_service_attachment.this.consumer_accept_lists : each.network_url] == ["projects/boutique-test/global/networks/gke"]
    error_message = "The cluster's network is on the list, and no project as a whole."
  }
  assert {
    condition     = google_compute_address.endpoint["gke"].address == "10.16.16.10"
    error_message = "Its endpoint has the address of the rows."
  }
}
