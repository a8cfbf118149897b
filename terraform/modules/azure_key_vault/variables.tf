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
  description = "The vault's name, unique in all of Azure."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9]){2,23}$", var.name))
    error_message = "name is 3 to 24 small letters, digits and single hyphens."
  }
}

variable "tenant_id" {
  description = "The Entra tenant whose identities are known."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.tenant_id))
    error_message = "tenant_id is a UUID."
  }
}

variable "roles" {
  description = "Built-in roles on the vault, by a name of your own: the role, and who holds it (a principal's id; User, Group or ServicePrincipal)."
  type        = map(object({ role = string, principal_id = string, principal_type = string }))
  nullable    = false

  validation {
    condition     = alltrue([for each in values(var.roles) : startswith(each.role, "Key Vault ") && each.role != "Key Vault Administrator"])
    error_message = "role is a Key Vault role, and nobody administers all of it."
  }

  validation {
    condition     = alltrue([for each in values(var.roles) : contains(["User", "Group", "ServicePrincipal"], each.principal_type)])
    error_message = "principal_type is User, Group or ServicePrincipal."
  }
}

variable "workspace_id" {
  description = "The Log Analytics workspace that hears of every use of a secret or key."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.workspace_id) > 0
    error_message = "workspace_id is a workspace's id."
  }
}
