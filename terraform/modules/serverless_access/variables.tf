variable "project" {
  description = "The project of the connector."
  type        = string
}

variable "region" {
  description = "The region of the services."
  type        = string
}

variable "services" {
  description = "The services that enter the network."
  type        = set(string)
}

variable "network" {
  description = "The network that they enter: id and name."
  type        = object({ id = string, name = string })
}

variable "subnetwork" {
  description = "The subnet that they call from, its id and name: direct egress takes two addresses per instance while a revision is replaced, a connector a /28."
  type        = object({ id = string, name = string })
}

variable "way" {
  description = "direct: Direct VPC egress. connector: a Serverless VPC Access connector."
  type        = string
  default     = "direct"

  validation {
    condition     = contains(["direct", "connector"], var.way)
    error_message = "Services enter by direct or by connector."
  }
}

variable "machines" {
  description = "The machines of a connector, where there is one: their type, and how many there are at most."
  type        = object({ type = optional(string, "e2-micro"), max = optional(number, 5) })
  default     = {}

  validation {
    condition     = var.machines.max >= 3 && var.machines.max <= 10
    error_message = "A connector has 3 to 10 machines."
  }
}
