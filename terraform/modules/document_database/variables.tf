variable "project" {
  description = "The project."
  type        = string
}

variable "name" {
  description = "The database's name: 4 to 63 lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.name))
    error_message = "Firestore does not take this name: ${var.name}."
  }
}

variable "location" {
  description = "Where its documents are: a multi-region (eur3, nam5) or a region. It can't be changed later."
  type        = string
}

variable "collections" {
  description = "All collections of the service."
  type        = list(string)
}

variable "indexes" {
  description = "Composite indexes: the collection, and fields with ASCENDING or DESCENDING."
  type = list(object({
    collection = string
    fields     = list(object({ field = string, order = string }))
  }))

  validation {
    condition     = alltrue([for index in var.indexes : length(index.fields) > 1])
    error_message = "A composite index has two fields or more."
  }
  validation {
    condition     = length(setsubtract([for index in var.indexes : index.collection], var.collections)) == 0
    error_message = "An index is of a collection that the service has not."
  }
}

variable "unindexed" {
  description = "Fields of every collection that are in no index."
  type        = list(string)
}

variable "ttl" {
  description = "The field that says when a document's time is over, by collection."
  type        = map(string)
  default     = {}
}

variable "account" {
  description = "The e-mail address of the account of the service that owns it."
  type        = string
}

variable "backup_days" {
  description = "How long each day's backup is kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 98
    error_message = "Firestore keeps backups for 14 weeks at most."
  }
}

variable "deletion_protection" {
  description = "Whether Firestore and Terraform refuse to delete it."
  type        = bool
}

variable "encryption_key" {
  description = "The id of the customer-managed key of its documents. Null: Google's. It can't be changed later."
  type        = string
  default     = null
}
