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

variable "zones" {
  description = "Private zones by a short name: { sites = \"privatelink.azurewebsites.net\" }."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for zone in values(var.zones) : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", zone))])
    error_message = "A zone is a domain in small letters, without a dot at its end."
  }
}

variable "network_id" {
  description = "The VNet that resolves names in these zones."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.network_id) > 0
    error_message = "network_id is a VNet's id."
  }
}
