variable "project" {
  description = "The project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "name" {
  description = "The secret's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,62}$", var.name))
    error_message = "name is 2 to 63 small letters, digits and hyphens."
  }
}

variable "about" {
  description = "What it opens and where its value comes from."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.about) > 0
    error_message = "about says what the secret opens."
  }
}

variable "locations" {
  description = "The regions that keep a copy."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.locations) > 0 && alltrue([for each in var.locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", each))])
    error_message = "locations are regions: europe-west1."
  }
}

variable "readers" {
  description = "The e-mail addresses of the service accounts that may read it, by name; nobody else may."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.readers) > 0
    error_message = "A secret that nobody may read is none of ours."
  }
}

variable "encryption_key" {
  description = "The id of the customer-managed key that it is encrypted with, in the one region of its copies. Null: Google's."
  type        = string
  default     = null

  validation {
    condition     = var.encryption_key == null || length(var.locations) == 1
    error_message = "A key of one's own encrypts copies in its own region alone: give one location."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete it."
  type        = bool
  nullable    = false

  validation {
    condition     = var.deletion_protection != null
    error_message = "true or false."
  }
}
