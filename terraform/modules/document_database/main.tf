# A service's Firestore database with the indexes that its documents declare, restored to any minute of the last week
# and from a backup of any day of the last month.

resource "google_firestore_database" "this" {
  project                           = var.project
  name                              = var.name
  location_id                       = var.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"

  dynamic "cmek_config" {
    for_each = var.encryption_key == null ? {} : { this = var.encryption_key }
    content {
      kms_key_name = cmek_config.value
    }
  }
}

locals {
  indexes = {
    for index in var.indexes : join("/", concat(
      [index.collection], [for each in index.fields : "${each.field}.${lower(each.order)}"]
    )) => index
  }
  unindexed = {
    for pair in setproduct(var.collections, var.unindexed) : join("/", pair) => { collection = pair[0], field = pair[1] }
  }
}

resource "google_firestore_index" "this" {
  for_each = local.indexes

  project    = var.project
  database   = google_firestore_database.this.name
  collection = each.value.collection

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.field
      order      = fields.value.order
    }
  }
}

# Fields that nobody asks for: an index of them would cost a write and, over 1,500 bytes, be cut.
resource "google_firestore_field" "unindexed" {
  for_each = local.unindexed

  project    = var.project
  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field

  index_config {}
}

# Documents go by themselves when their time is over.
resource "google_firestore_field" "expiring" {
  for_each = var.ttl

  project    = var.project
  database   = google_firestore_database.this.name
  collection = each.key
  field      = each.value

  ttl_config {}
}

resource "google_firestore_backup_schedule" "daily" {
  project   = var.project
  database  = google_firestore_database.this.name
  retention = "${var.backup_days * 24 * 3600}s"

  daily_recurrence {}
}

# The service reads and writes its own database and no other.
resource "google_project_iam_member" "owner" {
  project = var.project
  role    = "roles/datastore.user"
  member  = "serviceAccount:${var.account}"

  condition {
    title      = "own-database"
    expression = "resource.name == \"projects/${var.project}/databases/${var.name}\""
  }
}
