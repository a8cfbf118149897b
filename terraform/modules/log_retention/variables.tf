variable "project" {
  description = "The project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "days" {
  description = "How long log lines are kept."
  type        = number
  nullable    = false

  validation {
    condition     = var.days >= 30 && var.days <= 3650 && floor(var.days) == var.days
    error_message = "days is 30 to 3650."
  }
}

variable "audited" {
  description = "APIs of which every reading is in the audit log as well."
  type        = set(string)
  default     = ["secretmanager.googleapis.com", "iamcredentials.googleapis.com", "cloudkms.googleapis.com"]

  validation {
    condition     = alltrue([for each in var.audited : endswith(each, ".googleapis.com")])
    error_message = "audited holds Google's APIs."
  }
}
