variable "project" {
  description = "The project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "region" {
  description = "The region of the network and its names in Service Directory."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region is named as europe-west1 is."
  }
}

variable "network" {
  description = "The network that the checks are made in: projects/<number>/locations/global/networks/<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^projects/[0-9]+/locations/global/networks/[a-z][a-z0-9-]*$", var.network))
    error_message = "Service Directory wants projects/<number>/locations/global/networks/<name>."
  }
}

variable "name" {
  description = "The service's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,60}$", var.name))
    error_message = "name is small letters, digits and hyphens."
  }
}

variable "target" {
  description = "Where it is: its private address, and the name that its certificate is for."
  type        = object({ address = string, host = string })
  nullable    = false

  validation {
    condition     = can(regex("^10\\.", var.target.address)) && can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.target.host))
    error_message = "A private address and a whole DNS name."
  }
}

variable "channels" {
  description = "Who is told: notification channels' ids."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.channels) > 0
    error_message = "Somebody is told."
  }
}
