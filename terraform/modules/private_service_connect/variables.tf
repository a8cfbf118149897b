variable "project" {
  description = "The project of the attachment and its endpoints."
  type        = string
}

variable "region" {
  description = "The region of both."
  type        = string
}

variable "name" {
  description = "What is published."
  type        = string
}

variable "forwarding_rule" {
  description = "The id of the internal load balancer's forwarding rule."
  type        = string
}

variable "nat_subnetwork" {
  description = "The id of the subnet of purpose PRIVATE_SERVICE_CONNECT that calls appear from."
  type        = string
}

variable "consumers" {
  description = "The networks that may call, by name: id, subnet and address of the endpoint."
  type        = map(object({ network = string, subnetwork = string, address = string }))

  validation {
    condition     = alltrue([for consumer in values(var.consumers) : can(cidrnetmask("${consumer.address}/32"))])
    error_message = "A consumer's address is an IPv4 address of its own network."
  }
}
