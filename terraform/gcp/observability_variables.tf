variable "alerted" {
  description = "E-mail addresses of who is on duty, by a name of your own."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.alerted) >= 1 && length(var.alerted) <= 5 && alltrue([for each in values(var.alerted) : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", each))])
    error_message = "One to five e-mail addresses: a budget tells no more."
  }
}

variable "log_days" {
  description = "How long log lines are kept; a year where it counts (requirements 004)."
  type        = number
  default     = 365

  validation {
    condition     = var.log_days >= 30 && var.log_days <= 3650
    error_message = "log_days is 30 to 3650."
  }
}

variable "budget" {
  description = "What a month may cost: the billing account that pays, whole units of its currency. Null: no budget is watched."
  type        = object({ billing_account = string, units = number, currency = string })
  default     = null

  validation {
    condition     = var.budget == null ? true : var.budget.units > 0 && can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "A billing account is XXXXXX-XXXXXX-XXXXXX, and units are more than nothing."
  }
}

variable "secret_versions" {
  description = "Which version of each secret services read, by secret (secrets.tf has them). One that is not named here is not read: its gateway or carrier is then the embedded one."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for each in values(var.secret_versions) : can(regex("^[1-9][0-9]*$", each))])
    error_message = "A version is its number; latest would be another one tomorrow."
  }

  validation {
    condition     = length(setsubtract(keys(var.secret_versions), keys(local.secrets))) == 0
    error_message = "There is no secret ${join(", ", setsubtract(keys(var.secret_versions), keys(local.secrets)))}."
  }
}

variable "customer_keys" {
  description = "What is encrypted with keys of our own (services, documents, events, warehouse, secrets) and where the key lies. What is not named has Google's keys. Documents can't be given another key later."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.customer_keys), ["services", "documents", "events", "warehouse", "secrets"])) == 0
    error_message = "customer_keys has services, documents, events, warehouse and secrets."
  }
}
