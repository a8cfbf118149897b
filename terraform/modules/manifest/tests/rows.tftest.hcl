# The rows as they are: a change of triggers/ that means more here than it seems to, shows here.

run "services" {
  command = plan

  assert {
    condition = length(setsubtract([
      "accounting", "checkout", "crm", "data_warehouse", "fraud", "furniture", "inventory", "notification",
      "order_management", "payment", "pricing", "warehouse",
    ], keys(output.services))) == 0
    error_message = "These services alone: ${join(", ", keys(output.services))}."
  }
  assert {
    condition     = [for name, row in output.services : name if row.runs_on == "azure_functions"] == ["fraud"]
    error_message = "Fraud alone runs on Azure."
  }
  assert {
    condition = output.services["checkout"].callers == tolist([
      "data_warehouse", "gke-checkout", "legacy_checkout", "operator", "order_management",
    ])
    error_message = "Checkout is called by: ${join(", ", output.services["checkout"].callers)}."
  }
  assert {
    condition = output.services["checkout"].scale == {
      memory = "512Mi", cpu = "1", concurrency = 40, min = 1, max = 40, timeout_s = 30
    }
    error_message = "Checkout's scale is ${jsonencode(output.services["checkout"].scale)}."
  }
  assert {
    condition     = output.services["order_management"].publishes_topics == tolist(["fraud-events", "order-events"])
    error_message = "order_management publishes to ${join(", ", output.services["order_management"].publishes_topics)}."
  }
}

run "topics" {
  command = plan

  assert {
    condition = keys(output.topics) == [
      "customer-events", "fraud-events", "inventory-events", "journal-events", "notification-events", "order-events",
      "payment-events", "shipment-events",
    ]
    error_message = "Other topics: ${join(", ", keys(output.topics))}."
  }
}

run "subscriptions" {
  command = plan

  assert {
    condition = output.subscriptions["order_management.forward_to_fraud.order-events"].types == tolist([
      "order.approved", "order.confirmed",
    ])
    error_message = "Fraud's stream is of the orders that go through."
  }
  assert {
    condition = output.subscriptions["order_management.forward_to_fraud.order-events"].filter == join(" OR ", [
      "attributes.ce-type=\"order.approved\"", "attributes.ce-type=\"order.confirmed\"",
    ])
    error_message = "A filter names the types."
  }
  assert {
    condition     = output.subscriptions["order_management.forward_to_fraud.order-events"].path == "/events/forward_to_fraud"
    error_message = "A push goes to the function's door."
  }
  assert {
    condition     = output.subscriptions["order_management.tell_fraud_outcome.payment-events"].types == tolist(["payment.charged_back"])
    error_message = "A subscription has the types of its topic alone."
  }
  assert {
    condition = (
      [for name, row in output.subscriptions : row.topic if row.function == "collect_event"] == keys(output.topics)
      && [for name, row in output.subscriptions : row.filter if row.function == "collect_event" && row.filter != ""] == []
    )
    error_message = "The warehouse of data takes every event of every topic."
  }
  assert {
    condition     = [for name, row in output.subscriptions : name if length(row.filter) > 256] == []
    error_message = "Pub/Sub takes 256 bytes of filter."
  }
  assert {
    condition     = output.subscriptions["notification.notify_order.order-events"].filter == "hasPrefix(attributes.ce-type,\"order.\")"
    error_message = "Nine types are too many to name."
  }
}

run "schedules" {
  command = plan

  assert {
    condition = output.schedules["checkout.resume_orders"] == {
      service = "checkout", function = "resume_orders", cron = "* * * * *", path = "/schedules/resume_orders"
    }
    error_message = "Checkout resumes orders every minute."
  }
  assert {
    condition = [for name, row in output.schedules : row.service if row.function == "relay_outbox"] == [
      for name, row in output.services : name if row.runs_on == "cloud_run"
    ]
    error_message = "Every Cloud Run service relays its outbox; fraud has none."
  }
}

run "edges" {
  command = plan

  assert {
    condition = output.edges["checkout->fraud"] == {
      from      = "checkout", to = "fraud", from_network = "serverless", to_network = "azure", reached_by = "vpn",
      functions = tolist(["score_order"])
    }
    error_message = "Checkout asks fraud over the VPN."
  }
  assert {
    condition     = !can(output.edges["gke-checkout->fraud"]) && !can(output.edges["fraud->checkout"])
    error_message = "Nobody declared these."
  }
  assert {
    condition     = output.networks["inventory"].reached_by == "private_service_connect" && output.callers["gke-checkout"].network == "gke"
    error_message = "Networks and callers are as networks.yaml has them."
  }
}
