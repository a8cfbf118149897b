# A topic, and who may publish to it: nobody else.

resource "google_pubsub_topic" "this" {
  project                    = var.project
  name                       = var.name
  labels                     = var.labels
  kms_key_name               = var.encryption_key
  message_retention_duration = "${var.retention_days * 24 * 3600}s"

  message_storage_policy {
    allowed_persistence_regions = var.regions
  }
}

resource "google_pubsub_topic_iam_binding" "publishers" {
  project = var.project
  topic   = google_pubsub_topic.this.name
  role    = "roles/pubsub.publisher"
  members = [for account in values(var.publishers) : "serviceAccount:${account}"]
}
