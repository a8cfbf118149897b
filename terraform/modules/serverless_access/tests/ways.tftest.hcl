# Direct egress gives each service a tag; a connector gives all of them one.

variables {
  project    = "boutique-test"
  region     = "europe-west1"
  services   = ["accounting", "order_management"]
  network    = { id = "projects/boutique-test/global/networks/serverless", name = "serverless" }
  subnetwork = { id = "projects/boutique-test/regions/europe-west1/subnetworks/serverless-egress", name = "serverless-egress" }
}

run "directly" {
  command = plan

  assert {
    condition     = output.access["order_management"].tags == tolist(["order-management"]) && output.access["order_management"].connector == null
    error_message = "Its own tag, and no connector."
  }
  assert {
    condition     = [for service, access in output.access : access.egress] == ["ALL_TRAFFIC", "ALL_TRAFFIC"]
    error_message = "Nothing goes around the VPC."
  }
}

run "by_a_connector" {
  command = plan
  variables {
    way = "connector"
  }
  assert {
    condition     = toset(values(output.tags)) == toset(["vpc-connector"]) && one(google_vpc_access_connector.this["this"].subnet).name == "serverless-egress"
    error_message = "The connector's tag for everyone."
  }
}

run "no_third_way" {
  command = plan
  variables {
    way = "internet"
  }
  expect_failures = [var.way]
}
