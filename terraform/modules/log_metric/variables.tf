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
  description = "The metric's name: logging.googleapis.com/user/<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{1,60}$", var.name))
    error_message = "name is small letters, digits and underscores."
  }
}

variable "about" {
  description = "What is counted or measured."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.about) > 0
    error_message = "about says what is counted."
  }
}

variable "filter" {
  description = "Which lines of the log count."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.filter) > 0
    error_message = "A metric without a filter counts every line."
  }
}

variable "labels" {
  description = "By label, where its value is in the line: EXTRACT(field) or REGEXP_EXTRACT(field, \"…(one group)…\"). Each of few values: nothing that names an order or a person."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for each in values(var.labels) : can(regex("^(EXTRACT\\([A-Za-z_.]+\\)|REGEXP_EXTRACT\\([A-Za-z_.]+, \".+\"\\))$", each))])
    error_message = "A label is EXTRACT(…) or REGEXP_EXTRACT(…, \"…\")."
  }

  validation {
    condition     = length(setintersection(keys(var.labels), ["order", "trace", "span", "customer", "email"])) == 0
    error_message = "Labels are of few values: no order, trace or customer."
  }
}

variable "value" {
  description = "The value to measure and its unit, for a distribution; null: lines are counted."
  type        = object({ extractor = string, unit = string, bounds = list(number) })
  default     = null

  validation {
    condition     = var.value == null ? true : length(var.value.bounds) > 1 && join(",", var.value.bounds) == join(",", [for each in sort(formatlist("%012.4f", var.value.bounds)) : tonumber(each)])
    error_message = "bounds rise."
  }
}
