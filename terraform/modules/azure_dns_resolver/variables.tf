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
  description = "The resolver's name; its endpoints and rules are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name is 3 to 42 small letters, digits and hyphens."
  }
}

variable "network_id" {
  description = "The VNet whose names are given out, and which asks."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.network_id) > 0
    error_message = "network_id is a VNet's id."
  }
}

variable "inbound" {
  description = "Where the other cloud asks: a subnet of its own, delegated to Microsoft.Network/dnsResolvers, and the address in it."
  type        = object({ subnet_id = string, address = string })
  nullable    = false

  validation {
    condition     = can(cidrhost("${var.inbound.address}/32", 0))
    error_message = "inbound.address is an IPv4 address."
  }
}

variable "outbound_subnet_id" {
  description = "The subnet, delegated to Microsoft.Network/dnsResolvers, from which questions leave for the other cloud."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.outbound_subnet_id) > 0
    error_message = "outbound_subnet_id is a subnet's id."
  }
}

variable "forwarded" {
  description = "Domains that the other cloud answers, by rule name: the domain, and its servers' addresses."
  type        = map(object({ domain = string, servers = set(string) }))
  nullable    = false

  validation {
    condition     = alltrue([for each in values(var.forwarded) : can(regex("^([a-z0-9-]+\\.)+$", each.domain)) && length(each.servers) > 0])
    error_message = "domain ends with a dot (internal.example.), and somebody answers for it."
  }

  validation {
    condition     = alltrue(flatten([for each in values(var.forwarded) : [for server in each.servers : can(cidrhost("${server}/32", 0))]]))
    error_message = "servers are IPv4 addresses."
  }

  validation {
    condition     = alltrue([for name in keys(var.forwarded) : can(regex("^[a-z][a-z0-9-]*$", name))])
    error_message = "A rule's name is small letters, digits and hyphens."
  }
}
