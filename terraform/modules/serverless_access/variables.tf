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
  description = "The id of the subnet that direct egress takes addresses of; two per instance for a while when a revision is replaced."
  type        = string
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

variable "connector" {
  description = "The connector, where there is one: a /28 of its own, machines."
  type = object({
    cidr          = string
    machine_type  = optional(string, "e2-micro")
    max_instances = optional(number, 5)
  })

  validation {
    condition     = endswith(var.connector.cidr, "/28")
    error_message = "A connector takes a /28."
  }
  validation {
    condition     = var.connector.max_instances >= 3 && var.connector.max_instances <= 10
    error_message = "A connector has 3 to 10 machines."
  }
}
