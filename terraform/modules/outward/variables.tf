variable "project" {
  description = "The project of the network."
  type        = string
}

variable "region" {
  description = "The region of the subnet."
  type        = string
}

variable "network" {
  description = "The network: id and name."
  type        = object({ id = string, name = string })
}

variable "subnetwork" {
  description = "The id of the subnet that may call out."
  type        = string
}
