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
  description = "The account's name, unique in all of Azure."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name is 3 to 24 small letters and digits."
  }
}

variable "replication" {
  description = "How copies are kept: LRS, ZRS, or GZRS (a second region, some 15 minutes behind)."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["LRS", "ZRS", "GZRS"], var.replication)
    error_message = "replication is LRS, ZRS or GZRS."
  }
}

variable "containers" {
  description = "Blob containers; all private."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.containers : can(regex("^[a-z0-9](-?[a-z0-9]){2,62}$", each))])
    error_message = "A container's name is 3 to 63 small letters, digits and single hyphens."
  }
}

variable "tables" {
  description = "Tables."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.tables : can(regex("^[A-Za-z][A-Za-z0-9]{2,62}$", each))])
    error_message = "A table's name is 3 to 63 letters and digits."
  }
}

variable "readers_and_writers" {
  description = "Built-in data roles on the account, by a name of your own: the role, and the principal that holds it."
  type        = map(object({ role = string, principal_id = string }))
  nullable    = false

  validation {
    condition     = alltrue([for each in values(var.readers_and_writers) : can(regex("^Storage (Blob|Table|Queue) Data (Owner|Contributor|Reader)$", each.role))])
    error_message = "role is a data role of blobs, tables or queues: nobody gets keys."
  }
}

variable "customer_key" {
  description = "A key of your own that encrypts the account: the key's id without version in a Key Vault, and the identity that may use it. Null: Microsoft's keys."
  type        = object({ key_id = string, identity_id = string })
  default     = null

  validation {
    condition     = var.customer_key == null || can(regex("^https://[a-z0-9-]+\\.vault\\.azure\\.net/keys/[A-Za-z0-9-]+$", var.customer_key.key_id))
    error_message = "key_id is https://<vault>.vault.azure.net/keys/<key>, without a version, so that rotation is followed."
  }
}
