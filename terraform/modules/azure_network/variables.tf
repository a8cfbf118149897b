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
  description = "The VNet's name; network security groups are named after it and their subnet."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name is 3 to 42 small letters, digits and hyphens."
  }
}

variable "cidr" {
  description = "The VNet's address space (10.48.0.0/16), private by RFC 1918 and met by no network on the other side of the tunnel."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr))
    error_message = "cidr is a range within RFC 1918."
  }
}

variable "subnets" {
  description = "Subnets by name: their range, the service they are delegated to, whether Azure keeps them from the Internet (`private`), and whether a security group guards them (a gateway's subnet takes none)."
  type = map(object({
    cidr      = string
    delegated = optional(string)
    private   = optional(bool, true)
    guarded   = optional(bool, true)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.subnets) : can(regex("^[A-Za-z][A-Za-z0-9-]+$", name))])
    error_message = "A subnet's name is letters, digits and hyphens: Flex Consumption refuses underscores."
  }

  validation {
    condition = alltrue([for subnet in values(var.subnets) : try(
      cidrhost("${cidrhost(subnet.cidr, 0)}/${split("/", var.cidr)[1]}", 0) == cidrhost(var.cidr, 0) && tonumber(split("/", subnet.cidr)[1]) >= tonumber(split("/", var.cidr)[1]), false
    )])
    error_message = "Every subnet lies within cidr."
  }

  validation {
    condition     = alltrue([for name, subnet in var.subnets : subnet.guarded || name == "GatewaySubnet"])
    error_message = "Only GatewaySubnet goes without a security group."
  }

  validation {
    condition     = alltrue([for subnet in values(var.subnets) : subnet.delegated == null || tonumber(split("/", subnet.cidr)[1]) <= 28])
    error_message = "A delegated subnet is a /28 or larger."
  }
}

variable "inbound" {
  description = "What is let into subnets, by subnet and rule: from which ranges, to which addresses, at which ports. Everything else is refused. Priorities are 100 to 4000, each once in a subnet."
  type = map(map(object({
    about    = string
    priority = number
    from     = set(string)
    to       = set(string)
    ports    = optional(set(string), ["443"])
    protocol = optional(string, "Tcp")
  })))
  default = {}

  validation {
    condition     = alltrue([for subnet in keys(var.inbound) : try(var.subnets[subnet].guarded, false)])
    error_message = "Rules are for guarded subnets."
  }

  validation {
    condition = alltrue(flatten([for rules in values(var.inbound) : [for rule in values(rules) :
      length(rule.from) > 0 && alltrue([for range in setunion(rule.from, rule.to) : try(tonumber(split("/", range)[1]) >= 8, false)])
    ]]))
    error_message = "from and to are ranges, none larger than a /8: never a service tag, never everybody."
  }

  validation {
    condition     = alltrue(flatten([for rules in values(var.inbound) : [for rule in values(rules) : length(rule.to) > 0 && length(rule.ports) > 0 && alltrue([for port in rule.ports : can(regex("^[0-9]{1,5}$", port))]) && contains(["Tcp", "Udp"], rule.protocol)]]))
    error_message = "A rule says where to, at which ports, one by one, and by Tcp or Udp."
  }

  validation {
    condition     = alltrue([for rules in values(var.inbound) : length(toset(values(rules)[*].priority)) == length(rules) && alltrue([for each in values(rules) : each.priority >= 100 && each.priority <= 4000])])
    error_message = "Priorities are 100 to 4000, each once in a subnet."
  }
}

variable "outbound" {
  description = "What is let out of subnets, like `inbound`; a destination may also be one service tag: AzureActiveDirectory, or Internet, which is everything but private addresses."
  type = map(map(object({
    about    = string
    priority = number
    from     = set(string)
    to       = set(string)
    ports    = optional(set(string), ["443"])
    protocol = optional(string, "Tcp")
  })))
  default = {}

  validation {
    condition     = alltrue([for subnet in keys(var.outbound) : try(var.subnets[subnet].guarded, false)])
    error_message = "Rules are for guarded subnets."
  }

  validation {
    condition = alltrue(flatten([for rules in values(var.outbound) : [for rule in values(rules) :
      length(rule.from) > 0 && length(rule.to) > 0 &&
      alltrue([for range in rule.from : try(tonumber(split("/", range)[1]) >= 8, false)]) &&
      (alltrue([for range in rule.to : try(tonumber(split("/", range)[1]) >= 8, false)]) || contains(["AzureActiveDirectory", "Internet"], one(rule.to)))
    ]]))
    error_message = "from and to are ranges, none larger than a /8; the only service tags are AzureActiveDirectory and Internet."
  }

  validation {
    condition     = alltrue(flatten([for rules in values(var.outbound) : [for rule in values(rules) : length(rule.ports) > 0 && alltrue([for port in rule.ports : can(regex("^[0-9]{1,5}$", port))]) && contains(["Tcp", "Udp"], rule.protocol)]]))
    error_message = "A rule says at which ports, one by one, and by Tcp or Udp."
  }

  validation {
    condition     = alltrue([for rules in values(var.outbound) : length(toset(values(rules)[*].priority)) == length(rules) && alltrue([for each in values(rules) : each.priority >= 100 && each.priority <= 4000])])
    error_message = "Priorities are 100 to 4000, each once in a subnet."
  }
}

variable "outward" {
  description = "Subnets that may call out, by name, and what for. They share one address, at which nothing listens; their rules still say where to."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.outward), keys(var.subnets))) == 0 && alltrue([for reason in values(var.outward) : length(reason) > 0])
    error_message = "outward names subnets, each with a reason."
  }
}
