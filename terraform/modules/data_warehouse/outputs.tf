output "dataset" {
  description = "The dataset's name."
  value       = google_bigquery_dataset.this.dataset_id
}

output "views" {
  description = "The names of the views of the reports."
  value       = [for view in google_bigquery_table.report : view.table_id]
}
