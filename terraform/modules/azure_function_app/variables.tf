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
  description = "The app's name, unique in all of Azure: <name>.azurewebsites.net."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9](-?[a-z0-9]){1,58}$", var.name))
    error_message = "name is 2 to 59 small letters, digits and single hyphens."
  }
}

variable "python" {
  description = "The version of Python."
  type        = string
  default     = "3.12"

  validation {
    condition     = contains(["3.11", "3.12", "3.13"], var.python)
    error_message = "python is 3.11, 3.12 or 3.13."
  }
}

variable "scale" {
  description = "The service's scale, as its row has it: memory (\"2048Mi\"), concurrency, min instances always ready, max."
  type        = object({ memory = string, concurrency = number, min = number, max = number })
  nullable    = false

  validation {
    condition     = contains(["512Mi", "2048Mi", "4096Mi"], var.scale.memory)
    error_message = "An instance of Flex Consumption has 512Mi, 2048Mi or 4096Mi."
  }

  validation {
    condition     = var.scale.concurrency >= 1 && var.scale.concurrency <= 1000 && var.scale.min >= 0 && var.scale.max >= 1 && var.scale.max <= 1000 && var.scale.min <= var.scale.max
    error_message = "concurrency is 1 to 1000, max 1 to 1000 and no less than min."
  }
}

variable "subnet_id" {
  description = "The subnet, delegated to Microsoft.App/environments, that the app sends from."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.subnet_id) > 0
    error_message = "subnet_id is a subnet's id."
  }
}

variable "identity" {
  description = "The user-assigned identity that the app acts as: its id and its client's id."
  type        = object({ id = string, client_id = string })
  nullable    = false

  validation {
    condition     = length(var.identity.id) > 0 && length(var.identity.client_id) > 0
    error_message = "identity has an id and a client_id."
  }
}

variable "host_storage" {
  description = "The account that the host keeps its own things in, and the container of the deployed package."
  type        = object({ account = string, blobs = string, container = string })
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9]+\\.blob\\.core\\.windows\\.net$", var.host_storage.blobs))
    error_message = "blobs is https://<account>.blob.core.windows.net."
  }
}

variable "insights_connection_string" {
  description = "Where telemetry goes."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.insights_connection_string) > 0
    error_message = "insights_connection_string is that of an Application Insights resource."
  }
}

variable "settings" {
  description = "The app's own settings (shared/settings.py); the platform's are added here."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^BOUTIQUE_[A-Z0-9_]+$", name))])
    error_message = "Only settings of shared/settings.py: BOUTIQUE_…"
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !can(regex("(KEY|TOKEN|SECRET|PASSWORD)$", name)) || name == "BOUTIQUE_KEYS"])
    error_message = "Secrets are no settings: the app has an identity."
  }
}

variable "sign_in" {
  description = "Whose tokens open the app: the tenant, the API's client id and audiences, the clients allowed, and paths that ask for no token (health)."
  type = object({
    tenant_id  = string
    client_id  = string
    audiences  = set(string)
    clients    = set(string)
    open_paths = optional(set(string), [])
  })
  nullable = false

  validation {
    condition     = length(var.sign_in.audiences) > 0 && length(var.sign_in.clients) > 0
    error_message = "Without an audience or a client, Easy Auth lets in any token of the tenant."
  }

  validation {
    condition     = length(setsubtract(var.sign_in.open_paths, ["/api/health"])) == 0
    error_message = "Only /api/health may be open."
  }
}
