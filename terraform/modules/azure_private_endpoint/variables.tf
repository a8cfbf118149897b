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
  description = "The endpoint's name; its network interface is named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}[a-z0-9]$", var.name))
    error_message = "name is 3 to 62 small letters, digits and hyphens."
  }
}

variable "subnet_id" {
  description = "The subnet that the endpoint takes its address from."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.subnet_id) > 0
    error_message = "subnet_id is a subnet's id."
  }
}

variable "target" {
  description = "What is reached through the endpoint: its id and which part of it (sites, blob, table, vault, azuremonitor)."
  type        = object({ id = string, part = string })
  nullable    = false

  validation {
    condition     = contains(["sites", "blob", "table", "vault", "azuremonitor"], var.target.part)
    error_message = "part is sites, blob, table, vault or azuremonitor."
  }
}

variable "zone_ids" {
  description = "Private DNS zones that get the endpoint's records."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.zone_ids) > 0
    error_message = "An endpoint without a zone is found by nobody."
  }
}

variable "address" {
  description = "The endpoint's fixed address, which security rules name; null where Azure chooses (Azure Monitor takes many)."
  type        = string
  default     = null

  validation {
    condition     = var.address == null || can(cidrhost("${var.address}/32", 0))
    error_message = "address is an IPv4 address."
  }
}
