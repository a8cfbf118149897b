variable "project" {
  description = "The project of the gateway."
  type        = string
}

variable "region" {
  description = "The region of the gateway and of the subnets behind it."
  type        = string
}

variable "name" {
  description = "The gateway's name; its parts bear it too."
  type        = string
}

variable "network" {
  description = "The id of the network that is joined."
  type        = string
}

variable "asn" {
  description = "Google's autonomous system number, private."
  type        = number

  validation {
    condition     = var.asn >= 64512 && var.asn <= 65534
    error_message = "A private number is 64512 to 65534, not ${var.asn}."
  }
}

variable "advertised" {
  description = "The ranges, by name, that Azure may answer to: cidr, about."
  type        = map(object({ cidr = string, about = string }))
}

variable "tunnels" {
  description = "For tunnel 0 and 1 the BGP addresses inside it: google and azure, of a /30 of their own."
  type        = list(object({ google = string, azure = string }))

  validation {
    condition     = length(var.tunnels) == 2
    error_message = "There are two tunnels, one per interface."
  }
  validation {
    condition     = alltrue([for ends in var.tunnels : cidrhost("${ends.google}/30", 0) == cidrhost("${ends.azure}/30", 0)])
    error_message = "Both ends of a tunnel are of the same /30."
  }
}

variable "peer" {
  description = "Azure's gateway: its two public addresses and its number. Null until it exists; then there are no tunnels."
  type        = object({ addresses = list(string), asn = number })
  default     = null

  validation {
    condition     = var.peer == null ? true : length(distinct(var.peer.addresses)) == 2 && var.peer.asn != var.asn
    error_message = "Azure's gateway has two addresses, and a number other than ours."
  }
}

variable "shared_secret" {
  description = "The secret of both tunnels; Azure's connections have the same."
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null
}

variable "shared_secret_version" {
  description = "Counts the secrets: another number makes Terraform send the secret again."
  type        = number
  default     = 1
}
