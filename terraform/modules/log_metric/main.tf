# A metric made of the log's lines.

resource "google_logging_metric" "this" {
  project          = var.project
  name             = var.name
  description      = var.about
  filter           = var.filter
  label_extractors = var.labels
  value_extractor  = try(var.value.extractor, null)

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = var.value == null ? "INT64" : "DISTRIBUTION"
    unit        = try(var.value.unit, "1")

    dynamic "labels" {
      for_each = var.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  dynamic "bucket_options" {
    for_each = var.value[*]
    content {
      explicit_buckets {
        bounds = bucket_options.value.bounds
      }
    }
  }
}
