variable "project" {
  description = "The project of the load balancer and of the service behind it."
  type        = string
}

variable "region" {
  description = "The region of both."
  type        = string
}

variable "name" {
  description = "The load balancer's name; its parts bear it too."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,60}[a-z0-9]$", var.name))
    error_message = "Names are of lower case, digits and dashes: ${var.name}."
  }
}

variable "service" {
  description = "The name of the Cloud Run service behind it."
  type        = string
}

variable "network" {
  description = "The id of the network that it is in; the network has a proxy-only subnet in the region."
  type        = string
}

variable "subnetwork" {
  description = "The id of the subnet that its address is of."
  type        = string
}

variable "address" {
  description = "Its address, which stays."
  type        = string

  validation {
    condition     = can(cidrnetmask("${var.address}/32")) && can(regex("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.)", var.address))
    error_message = "The address of a backend is private (RFC 1918), not ${var.address}."
  }
}

variable "host" {
  description = "The name that clients call and the certificate bears, below a public domain of ours."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.host))
    error_message = "A host is a whole DNS name: ${var.host}."
  }
}
