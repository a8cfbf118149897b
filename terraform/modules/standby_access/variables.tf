variable "project" {
  description = "The project of the network."
  type        = string
}

variable "region" {
  description = "The second region."
  type        = string
}

variable "network" {
  description = "The network: id and name."
  type        = object({ id = string, name = string })
}

variable "cidr" {
  description = "The subnet's addresses."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) <= 26, false)
    error_message = "Direct VPC egress wants a /26 at least: ${var.cidr}."
  }
}

variable "tags" {
  description = "The tag of each service that the network's firewall knows it by."
  type        = map(string)
}
