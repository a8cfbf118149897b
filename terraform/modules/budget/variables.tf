variable "project_number" {
  description = "The project's number, by which bills know it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{6,20}$", var.project_number))
    error_message = "A project's number has digits alone."
  }
}

variable "billing_account" {
  description = "Who pays: a billing account's id."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "A billing account is XXXXXX-XXXXXX-XXXXXX."
  }
}

variable "name" {
  description = "The budget's name."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) > 0 && length(var.name) <= 60
    error_message = "name has 60 characters at most."
  }
}

variable "amount" {
  description = "What a month may cost, and in which currency, which is the billing account's."
  type        = object({ units = number, currency = string })
  nullable    = false

  validation {
    condition     = var.amount.units > 0 && floor(var.amount.units) == var.amount.units && can(regex("^[A-Z]{3}$", var.amount.currency))
    error_message = "units is a whole number above 0, currency three capital letters."
  }
}

variable "channels" {
  description = "Who is told: notification channels' ids, five at most."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.channels) >= 1 && length(var.channels) <= 5
    error_message = "A budget tells one to five channels."
  }
}
