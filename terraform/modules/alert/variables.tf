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
  description = "The alert's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}$", var.name))
    error_message = "name is small letters, digits and hyphens."
  }
}

variable "about" {
  description = "What has happened and what to do, in Markdown."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.about) > 20
    error_message = "about says what has happened and what to do."
  }
}

variable "severity" {
  description = "CRITICAL (at once), ERROR or WARNING (in the day's work)."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["CRITICAL", "ERROR", "WARNING"], var.severity)
    error_message = "severity is CRITICAL, ERROR or WARNING."
  }
}

variable "filter" {
  description = "Which time series are watched."
  type        = string
  nullable    = false

  validation {
    condition     = strcontains(var.filter, "metric.type=")
    error_message = "filter names a metric's type."
  }
}

variable "above" {
  description = "Told above this value; null where below is told."
  type        = number
  default     = null

  validation {
    condition     = var.above == null ? true : var.above >= 0
    error_message = "above is a number from 0 on."
  }
}

variable "below" {
  description = "Told below this value; null where above is told."
  type        = number
  default     = null

  validation {
    condition     = (var.above == null) != (var.below == null)
    error_message = "An alert is above or below a value."
  }
}

variable "aligner" {
  description = "How five minutes of a series become one value."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["ALIGN_MAX", "ALIGN_MIN", "ALIGN_DELTA", "ALIGN_FRACTION_TRUE"], var.aligner)
    error_message = "aligner is ALIGN_MAX, ALIGN_MIN, ALIGN_DELTA or ALIGN_FRACTION_TRUE."
  }
}

variable "by" {
  description = "The labels that series are told apart by; the others are summed up."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.by : can(regex("^(resource|metric)\\.labels?\\.[a-z_]+$", each))])
    error_message = "by names labels: resource.label.subscription_id."
  }
}

variable "lasting" {
  description = "How long it must be so before somebody is told, seconds, in whole minutes."
  type        = number
  default     = 0

  validation {
    condition     = var.lasting >= 0 && var.lasting % 60 == 0
    error_message = "lasting is whole minutes, in seconds."
  }
}

variable "channels" {
  description = "Who is told: notification channels' ids."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.channels) > 0
    error_message = "Somebody is told."
  }
}
