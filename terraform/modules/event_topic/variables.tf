variable "project" {
  description = "The project."
  type        = string
}

variable "name" {
  description = "The topic's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$", var.name)) && !startswith(var.name, "goog")
    error_message = "Pub/Sub does not take this name: ${var.name}."
  }
}

variable "labels" {
  description = "Labels, beside those of the provider."
  type        = map(string)
  default     = {}
}

variable "publishers" {
  description = "The e-mail addresses of the accounts that may publish, by name."
  type        = map(string)
}

variable "regions" {
  description = "Where messages may be stored."
  type        = set(string)
}

variable "retention_days" {
  description = "How long messages can be replayed from the topic, acknowledged or not: 1 to 31 days."
  type        = number
  default     = 7

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 31
    error_message = "Pub/Sub keeps messages for 31 days at most."
  }
}

variable "encryption_key" {
  description = "The id of the customer-managed key of its messages. Null: Google's."
  type        = string
  default     = null
}
