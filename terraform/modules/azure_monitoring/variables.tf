variable "place" {
  description = "Where resources go and how they are tagged: resource group, region (westeurope), tags."
  type = object({
    resource_group = string
    location       = string
    tags           = map(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]*$", var.place.location)) && length(var.place.resource_group) > 0
    error_message = "location is a region as Azure writes it (westeurope); resource_group is not empty."
  }
}

variable "name" {
  description = "What the workspace, Application Insights, the private link scope and alerts are named after."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name is 3 to 42 small letters, digits and hyphens."
  }
}

variable "retention_days" {
  description = "How long logs and traces are kept, days."
  type        = number
  nullable    = false

  validation {
    condition     = contains([30, 60, 90, 120, 180, 270, 365, 550, 730], var.retention_days)
    error_message = "retention_days is one that both Application Insights and Log Analytics take: 30, 60, 90, 120, 180, 270, 365, 550 or 730."
  }
}

variable "daily_cap_gb" {
  description = "How much is taken in a day, GB; what comes after is lost, and the bill stays what it is."
  type        = number
  default     = 5

  validation {
    condition     = var.daily_cap_gb >= 0.1 && var.daily_cap_gb <= 1000
    error_message = "daily_cap_gb is 0.1 to 1000."
  }
}

variable "publishers" {
  description = "Principals that may send telemetry, by a name of your own; instrumentation keys are refused."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.publishers) > 0
    error_message = "Without a publisher there is no telemetry."
  }
}

variable "watched" {
  description = "Resources whose logs and metrics go to the workspace, by a name of your own: the id, and the categories of logs."
  type        = map(object({ id = string, logs = set(string) }))
  default     = {}

  validation {
    condition     = alltrue([for each in values(var.watched) : length(each.logs) > 0])
    error_message = "logs names at least one category."
  }
}

variable "alerted" {
  description = "E-mail addresses that alerts go to, by a name of your own."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for each in values(var.alerted) : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", each))])
    error_message = "alerted holds e-mail addresses."
  }
}

variable "queries" {
  description = "Alerts on what Application Insights holds, by name: when the Kusto query returns a row within the window, somebody is told. severity 0 (critical) to 4."
  type = map(object({
    about    = string
    query    = string
    severity = number
    window   = optional(string, "PT5M")
    every    = optional(string, "PT5M")
  }))
  default = {}

  validation {
    condition     = alltrue([for each in values(var.queries) : each.severity >= 0 && each.severity <= 4 && floor(each.severity) == each.severity])
    error_message = "severity is 0 to 4."
  }

  validation {
    condition     = alltrue(flatten([for each in values(var.queries) : [for span in [each.window, each.every] : contains(["PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT1H", "PT6H"], span)]]))
    error_message = "window and every are PT1M to PT6H."
  }
}

variable "metrics" {
  description = "Alerts on resources' own metrics, by name: the resource, the metric with its namespace, how it is summed over five minutes, and the bound; with dimensions, of each of the values named there by itself."
  type = map(object({
    about       = string
    resource_id = string
    namespace   = string
    metric      = string
    aggregation = string
    operator    = string
    threshold   = number
    severity    = number
    dimensions  = optional(map(set(string)), {})
  }))
  default = {}

  validation {
    condition     = alltrue([for each in values(var.metrics) : contains(["Average", "Minimum", "Maximum", "Total", "Count"], each.aggregation) && contains(["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Equals"], each.operator) && each.severity >= 0 && each.severity <= 4])
    error_message = "aggregation, operator and severity are those of Azure Monitor."
  }
}
