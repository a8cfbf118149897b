# What a function hears of a topic: pushed to its door with a token, tried again, given up to a topic that keeps it.

resource "google_pubsub_subscription" "this" {
  project                    = var.project
  name                       = var.name
  topic                      = var.topic
  labels                     = var.labels
  filter                     = var.filter
  enable_message_ordering    = var.ordered
  ack_deadline_seconds       = var.retry.ack_deadline_s
  message_retention_duration = "${7 * 24 * 3600}s"

  expiration_policy {
    ttl = "" # never: a subscription that nobody pushed to for a month still stands for its function
  }
  push_config {
    push_endpoint = var.endpoint
    oidc_token {
      service_account_email = var.push_account
      audience              = var.audience
    }
  }
  retry_policy {
    minimum_backoff = "${var.retry.min_backoff_s}s"
    maximum_backoff = "${var.retry.max_backoff_s}s"
  }
  dead_letter_policy {
    dead_letter_topic     = module.dead_letters.id
    max_delivery_attempts = var.retry.max_attempts
  }
}

# The function's door publishes what no retry can help; Pub/Sub's agent what was tried too often.
module "dead_letters" {
  source = "../event_topic"

  project        = var.project
  name           = var.dead_letter_topic
  labels         = var.labels
  regions        = var.regions
  encryption_key = var.encryption_key
  publishers     = { service = var.service_account, pubsub = var.pubsub_agent }
}

resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project
  name                       = var.dead_letter_topic
  topic                      = module.dead_letters.name
  labels                     = var.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "${31 * 24 * 3600}s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub's agent acknowledges what it has moved to the dead letters.
resource "google_pubsub_subscription_iam_binding" "agent" {
  project      = var.project
  subscription = google_pubsub_subscription.this.name
  role         = "roles/pubsub.subscriber"
  members      = ["serviceAccount:${var.pubsub_agent}"]
}

# A person on duty reads dead letters and acknowledges those that were replayed.
resource "google_pubsub_subscription_iam_binding" "readers" {
  project      = var.project
  subscription = google_pubsub_subscription.dead_letters.name
  role         = "roles/pubsub.subscriber"
  members      = [for account in values(var.readers) : "serviceAccount:${account}"]
}
