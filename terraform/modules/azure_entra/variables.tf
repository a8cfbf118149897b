variable "name" {
  description = "The API's display name; its callers' are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}[a-z0-9]$", var.name))
    error_message = "name is 3 to 62 small letters, digits and hyphens."
  }
}

variable "callers" {
  description = "Who may call the API, as the rows say: names of services and other callers."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.callers) > 0 && alltrue([for each in var.callers : can(regex("^[a-z][a-z_-]{1,30}$", each))])
    error_message = "callers are names from triggers/."
  }
}

variable "google_accounts" {
  description = "The unique id (21 digits) of each caller's Google service account; gcp's output gives it. Never an e-mail address: one that is deleted and made again is another account."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.google_accounts) : can(regex("^[0-9]{21}$", id))])
    error_message = "A Google service account's unique id has 21 digits."
  }

  validation {
    condition     = length(toset(values(var.google_accounts))) == length(var.google_accounts)
    error_message = "Two callers with one account could not be told apart."
  }

  validation {
    condition     = length(setsubtract(keys(var.google_accounts), var.callers)) == 0
    error_message = "An account is given for a caller that no row declares: ${join(", ", setsubtract(keys(var.google_accounts), var.callers))}."
  }

  validation {
    condition     = length(var.google_accounts) == 0 || length(setsubtract(var.callers, keys(var.google_accounts))) == 0
    error_message = "A caller that a row declares has no account: ${join(", ", setsubtract(var.callers, keys(var.google_accounts)))}."
  }
}
