variable "project" {
  description = "The project."
  type        = string
}

variable "name" {
  description = "The dataset's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_]+$", var.name))
    error_message = "BigQuery takes letters, digits and underscores: ${var.name}."
  }
}

variable "location" {
  description = "Where its rows are: a multi-region (EU, US) or a region. It can't be changed later."
  type        = string
}

variable "labels" {
  description = "Labels, beside those of the provider."
  type        = map(string)
  default     = {}
}

variable "tables" {
  description = "Tables by name, as docs/bigquery/ has them: description, schema, clustering, time_partitioning."
  type        = any

  validation {
    condition = alltrue([
      for name, table in var.tables : table.time_partitioning == null || contains([for field in table.schema : field.name], try(table.time_partitioning.field, ""))
    ])
    error_message = "A table is partitioned by a column that it has not."
  }
}

variable "reports" {
  description = "Reports by name: SQL over the tables by their bare names, up to the moment @until; its second line says what it is about."
  type        = map(string)

  validation {
    condition     = alltrue([for sql in values(var.reports) : startswith(split("\n", sql)[1], "-- about: ")])
    error_message = "The second line of a report is \"-- about: …\"."
  }
}

variable "account" {
  description = "The e-mail address of the account that loads and asks."
  type        = string
}

variable "readers" {
  description = "The e-mail addresses of the accounts that may ask, by name."
  type        = map(string)
  default     = {}
}

variable "retention_days" {
  description = "How long a day's events are kept. Null: for good."
  type        = number
  default     = null

  validation {
    condition     = var.retention_days == null || try(var.retention_days >= 7, false)
    error_message = "A week at least: loads look back for what came late."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete its tables."
  type        = bool
}

variable "encryption_key" {
  description = "The id of the customer-managed key of its tables. Null: Google's."
  type        = string
  default     = null
}
