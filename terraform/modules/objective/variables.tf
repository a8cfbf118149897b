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
  description = "The objective's id: checkout-p95."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}$", var.name))
    error_message = "name is small letters, digits and hyphens."
  }
}

variable "about" {
  description = "What is promised, in a sentence."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.about) > 0
    error_message = "about says what is promised."
  }
}

variable "service" {
  description = "The id of the monitored service that promises it."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.service) > 0
    error_message = "service is a service's id."
  }
}

variable "goal" {
  description = "The share that must be good, over 28 days."
  type        = number
  nullable    = false

  validation {
    condition     = var.goal >= 0.5 && var.goal <= 0.9999
    error_message = "goal is 0.5 to 0.9999: Cloud Monitoring takes no more, and all of them is no goal."
  }
}

variable "ratio" {
  description = "Which requests count, and which of them are good or bad: filters of time series."
  type        = object({ total = string, good = optional(string), bad = optional(string) })
  default     = null

  validation {
    condition     = var.ratio == null ? true : (var.ratio.good == null) != (var.ratio.bad == null)
    error_message = "Say what is good or what is bad, not both."
  }
}

variable "latency" {
  description = "A distribution of durations, and the longest that is good, in its unit."
  type        = object({ filter = string, most = number })
  default     = null

  validation {
    condition     = var.latency == null ? true : var.latency.most > 0
    error_message = "most is more than nothing."
  }
}

variable "level" {
  description = "A measure, and the most that its series may add up to in a minute that is good."
  type        = object({ filter = string, most = number })
  default     = null

  validation {
    condition     = length([for each in [var.ratio, var.latency, var.level] : true if each != null]) == 1
    error_message = "An objective is a ratio, a latency or a level: one of them."
  }
}

variable "channels" {
  description = "Who is told when the allowance burns too fast: notification channels' ids."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.channels) > 0
    error_message = "Somebody is told."
  }
}
