# Every event in BigQuery: a table of whole events, one per type, and the reports as views over them.

resource "google_bigquery_dataset" "this" {
  project                    = var.project
  dataset_id                 = var.name
  location                   = var.location
  description                = "Every event, whole and by type, and the reports over them."
  labels                     = var.labels
  max_time_travel_hours      = 168
  delete_contents_on_destroy = !var.deletion_protection

  dynamic "default_encryption_configuration" {
    for_each = var.encryption_key == null ? {} : { this = var.encryption_key }
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }
}

resource "google_bigquery_table" "this" {
  # checkov:skip=CKV_GCP_80:the dataset says the key for its tables, where one of our own is asked for

  for_each = var.tables

  project             = var.project
  dataset_id          = google_bigquery_dataset.this.dataset_id
  table_id            = each.key
  description         = each.value.description
  labels              = var.labels
  schema              = jsonencode(each.value.schema)
  clustering          = each.value.clustering
  deletion_protection = var.deletion_protection

  dynamic "time_partitioning" {
    for_each = each.value.time_partitioning == null ? {} : { this = each.value.time_partitioning }
    content {
      type          = time_partitioning.value.type
      field         = time_partitioning.value.field
      expiration_ms = var.retention_days == null ? null : var.retention_days * 24 * 3600 * 1000
    }
  }
}

locals {
  # A report asks about tables of its own dataset and events up to a moment; a view must name the dataset, and asks now.
  named = "/\\b(FROM|JOIN)(\\s+)(${join("|", keys(var.tables))})\\b/"
  views = {
    for name, sql in var.reports : name => replace(
      replace(sql, local.named, "$1$2`${var.project}.${var.name}.$3`"), "@until", "CURRENT_TIMESTAMP()"
    )
  }
}

resource "google_bigquery_table" "report" {
  # checkov:skip=CKV_GCP_121:a view holds no data, and is made again from its file
  # checkov:skip=CKV_GCP_80:a view holds no data

  for_each   = local.views
  depends_on = [google_bigquery_table.this]

  project             = var.project
  dataset_id          = google_bigquery_dataset.this.dataset_id
  table_id            = "report_${each.key}"
  description         = trimprefix(split("\n", each.value)[1], "-- about: ")
  labels              = var.labels
  deletion_protection = false # a view holds nothing

  view {
    query          = each.value
    use_legacy_sql = false
  }
}

resource "google_bigquery_dataset_iam_binding" "this" {
  for_each = { "roles/bigquery.dataEditor" = [var.account], "roles/bigquery.dataViewer" = values(var.readers) }

  project    = var.project
  dataset_id = google_bigquery_dataset.this.dataset_id
  role       = each.key
  members    = [for account in each.value : "serviceAccount:${account}"]
}

# Asking is a job of the project, and nobody else's account here may run one.
resource "google_project_iam_member" "jobs" {
  for_each = merge({ service = var.account }, var.readers)

  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = "serviceAccount:${each.value}"
}
