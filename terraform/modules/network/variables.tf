variable "project" {
  description = "The project of the network."
  type        = string
}

variable "region" {
  description = "The region of its subnets."
  type        = string
}

variable "name" {
  description = "The network's name; names of its parts begin with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]{1,30}$", var.name))
    error_message = "A network is named in lower case, with dashes: ${var.name}."
  }
}

variable "about" {
  description = "What the network is for."
  type        = string
}

variable "subnets" {
  description = "Subnets by name: cidr, about, purpose (PRIVATE | REGIONAL_MANAGED_PROXY | PRIVATE_SERVICE_CONNECT) and secondary ranges by name."
  type = map(object({
    cidr      = string
    about     = optional(string)
    purpose   = optional(string, "PRIVATE")
    secondary = optional(map(string), {})
  }))

  validation {
    condition = alltrue([
      for subnet in values(var.subnets) : can(cidrnetmask(subnet.cidr)) && cidrsubnet(subnet.cidr, 0, 0) == subnet.cidr
    ])
    error_message = "Each subnet's cidr is a range in its shortest form, as 10.40.0.0/24."
  }
  validation {
    condition = alltrue([
      for subnet in values(var.subnets) : contains(["PRIVATE", "REGIONAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT"], subnet.purpose)
    ])
    error_message = "A subnet's purpose is PRIVATE, REGIONAL_MANAGED_PROXY or PRIVATE_SERVICE_CONNECT."
  }
}

variable "outward" {
  description = "Whether the network has a route to the Internet; without one it has no way out, whatever its rules say."
  type        = bool
  default     = false
}

variable "google_apis" {
  description = "Ranges of Google's APIs, by name, that the network has routes to without one to the Internet."
  type        = map(string)
  default     = {}
}

variable "flow_sampling" {
  description = "The share of flows that is logged, 0 to 1."
  type        = number
  default     = 0.5

  validation {
    condition     = var.flow_sampling >= 0 && var.flow_sampling <= 1
    error_message = "A share is between 0 and 1."
  }
}
