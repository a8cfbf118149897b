variable "project" {
  description = "The project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "keys" {
  description = "Keys by what they encrypt: where the key lies, and the e-mail addresses of Google's agents that use it, by name."
  type        = map(object({ location = string, users = map(string) }))
  nullable    = false

  validation {
    condition     = alltrue([for name, each in var.keys : can(regex("^[a-z][a-z0-9-]{1,40}$", name)) && length(each.users) > 0])
    error_message = "A key has a name in small letters, and somebody uses it."
  }

  validation {
    condition     = alltrue([for each in values(var.keys) : can(regex("^(global|europe|us|eur[0-9]+|[a-z]+-[a-z]+[0-9]+)$", each.location))])
    error_message = "location is global, a multi-region of Cloud KMS (europe, us) or a region."
  }

  validation {
    condition     = alltrue(flatten([for each in values(var.keys) : [for user in values(each.users) : endswith(user, ".gserviceaccount.com")]]))
    error_message = "Service agents alone use keys."
  }
}
