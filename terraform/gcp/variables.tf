variable "project" {
  description = "The Google Cloud project that all of one environment lives in."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "environment" {
  description = "Which environment this is: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environments are dev, staging and prod."
  }
}

variable "region" {
  description = "The region that everything runs in."
  type        = string
  default     = "europe-west1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region is named as europe-west1 is."
  }
}

variable "image" {
  description = "The one image of all services, by digest, that services are made with; afterwards the pipeline moves them."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest (…@sha256:…), as make push leaves it in build/image."
  }
}

variable "operators" {
  description = "Who may act as the operator: group:…, user:…."
  type        = set(string)

  validation {
    condition     = alltrue([for member in var.operators : can(regex("^(group|user):[^@]+@[^@]+$", member))])
    error_message = "Operators are people: group:name@domain or user:name@domain."
  }
}

variable "deletion_protection" {
  description = "Whether what holds data can't be deleted."
  type        = bool
}

variable "keep_warm" {
  description = "Whether services keep the instances that their rows ask for when nobody calls."
  type        = bool
}

variable "log_level" {
  description = "From which level on processes log."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "DEBUG, INFO, WARNING or ERROR."
  }
}

variable "settings" {
  description = "Further settings of single services (shared/settings.py), by service and variable. No secrets."
  type        = map(map(string))
  default     = {}

  validation {
    condition     = alltrue(flatten([for variables in values(var.settings) : [for name in keys(variables) : startswith(name, "BOUTIQUE_")]]))
    error_message = "Settings start with BOUTIQUE_."
  }
  validation {
    condition     = length(setsubtract(keys(var.settings), keys(local.services))) == 0
    error_message = "No service on Cloud Run is called ${join(", ", setsubtract(keys(var.settings), keys(local.services)))}."
  }
}

variable "shadow" {
  description = "Shadow mode (docs/migration.md): the old services' addresses by receiver, for legacy_checkout alone; empty is off."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.shadow) : contains(["kyc", "inventory", "crm", "accounting", "warehouse", "order_management", "partner", "azure"], name)])
    error_message = "The receivers are kyc, inventory, crm, accounting, warehouse, order_management, partner and azure."
  }
  validation {
    condition     = alltrue([for address in values(var.shadow) : can(regex("^https?://[^/]+", address))])
    error_message = "Addresses are URLs."
  }
}

variable "database_location" {
  description = "Where documents are: eur3 and nam5 outlive a region, a region alone does not. It can't be changed later."
  type        = string

  validation {
    condition     = can(regex("^(eur3|nam5|nam7|[a-z]+-[a-z]+[0-9]+)$", var.database_location))
    error_message = "Firestore's locations are eur3, nam5, nam7 and regions."
  }
}

variable "warehouse_location" {
  description = "Where BigQuery keeps events: EU, US or a region. It can't be changed later."
  type        = string

  validation {
    condition     = can(regex("^(EU|US|[a-z]+-[a-z]+[0-9]+)$", var.warehouse_location))
    error_message = "BigQuery's locations are EU, US and regions: europe-west1."
  }
}

variable "event_retention_days" {
  description = "How long the analytical store keeps a day's events. Null: for good."
  type        = number
  default     = null

  validation {
    condition     = var.event_retention_days == null ? true : var.event_retention_days >= 1 && floor(var.event_retention_days) == var.event_retention_days
    error_message = "event_retention_days are whole days, or null."
  }
}

variable "message_regions" {
  description = "Where Pub/Sub may store messages; publishing goes on while one of them stands."
  type        = set(string)

  validation {
    condition     = length(var.message_regions) >= 1 && alltrue([for each in var.message_regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", each))])
    error_message = "Messages are stored somewhere: message_regions names regions as europe-west1 is."
  }
}

variable "azure_entra" {
  description = "With what callers of fraud ask Entra for a token: Azure's output of that name. Null while Azure's stack is not there: fraud is silent then, and orders wait for a review."
  type        = object({ tenant_id = string, scope = string, clients = map(string) })
  default     = null

  validation {
    condition     = var.azure_entra == null ? true : can(regex("^api://.+/\\.default$", var.azure_entra.scope)) && alltrue([for id in concat([var.azure_entra.tenant_id], values(var.azure_entra.clients)) : can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", id))])
    error_message = "tenant_id and clients are UUIDs, and scope is api://…/.default."
  }
  validation {
    condition     = var.azure_entra == null ? true : length(setsubtract(local.callers_of_fraud, keys(var.azure_entra.clients))) == 0
    error_message = "Entra has no client for ${var.azure_entra == null ? "" : join(", ", setsubtract(local.callers_of_fraud, keys(var.azure_entra.clients)))}: was Azure's stack given every id in google_accounts?"
  }
}

variable "standby_region" {
  description = "The second region, where every service stands by without an instance. Null: there is none."
  type        = string
  default     = null

  validation {
    condition     = var.standby_region == null || (can(regex("^[a-z]+-[a-z]+[0-9]+$", var.standby_region)) && var.standby_region != var.region)
    error_message = "A region, and another one than ${var.region}."
  }
}

variable "active" {
  description = "Which region serves: primary, or standby after a failover (docs/failover.md). Events and schedules go there."
  type        = string
  default     = "primary"

  validation {
    condition     = var.active == "primary" || (var.active == "standby" && var.standby_region != null)
    error_message = "primary, or standby where there is a standby_region."
  }
}

variable "image_location" {
  description = "Where images are kept: a multi-region, so that the second region has them too."
  type        = string
  default     = "europe"

  validation {
    condition     = contains(["asia", "europe", "us"], var.image_location)
    error_message = "The multi-regions are asia, europe and us."
  }
}
