# Rules that would open a network to everyone are refused before they are planned.

variables {
  project = "boutique-test"
  network = { id = "projects/boutique-test/global/networks/serverless", name = "serverless" }
  rules   = {}
}

run "a_call_is_one_address_at_one_port_for_its_callers" {
  command = plan
  variables {
    rules = { to-crm = { about = "Accounting to crm.", direction = "EGRESS", ranges = ["10.40.0.10/32"], tags = ["accounting"] } }
  }
  assert {
    condition     = one(google_compute_firewall.this["to-crm"].allow).ports == tolist(["443"]) && google_compute_firewall.this["to-crm"].target_tags == toset(["accounting"])
    error_message = "HTTPS, for accounting alone."
  }
}

run "everyone_may_not_come_in" {
  command = plan
  variables {
    rules = { open = { about = "Open.", direction = "INGRESS", ranges = ["0.0.0.0/0"] } }
  }
  expect_failures = [var.rules]
}

run "a_rule_for_nobody_is_refused" {
  command = plan
  variables {
    rules = { nobody = { about = "Nobody.", direction = "EGRESS", ranges = [] } }
  }
  expect_failures = [var.rules]
}

run "no_rule_comes_after_the_refusal_of_everything" {
  command = plan
  variables {
    rules = { late = { about = "Late.", direction = "EGRESS", ranges = ["10.0.0.0/8"], priority = 65000 } }
  }
  expect_failures = [var.rules]
}
