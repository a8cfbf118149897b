# BigQuery for data_warehouse, and for nobody else: tables from docs/bigquery/, views from its reports.

locals {
  warehouse = "data_warehouse"
  dataset   = "boutique"

  tables  = { for file in fileset("${local.root}/docs/bigquery", "*.json") : trimsuffix(file, ".json") => jsondecode(file("${local.root}/docs/bigquery/${file}")) }
  reports = { for file in fileset("${local.root}/functions/${local.warehouse}/reports", "*.sql") : trimsuffix(file, ".sql") => file("${local.root}/functions/${local.warehouse}/reports/${file}") }
}

module "warehouse" {
  source = "../modules/data_warehouse"

  project             = var.project
  name                = local.dataset
  location            = var.warehouse_location
  tables              = local.tables
  reports             = local.reports
  account             = local.emails[local.warehouse]
  readers             = { operator = local.emails["operator"] }
  retention_days      = var.event_retention_days
  deletion_protection = var.deletion_protection
  encryption_key      = local.keys.warehouse

  depends_on = [google_project_service.this]
}
