variable "project" {
  description = "The project of the zones."
  type        = string
}

variable "network" {
  description = "The network that knows the names: id and name."
  type        = object({ id = string, name = string })
}

variable "domain" {
  description = "The domain that our services' private names are below."
  type        = string
}

variable "hosts" {
  description = "The address of each service that the network reaches by a private one, by host name."
  type        = map(string)

  validation {
    condition     = alltrue([for host, address in var.hosts : endswith(host, ".${var.domain}") && can(cidrnetmask("${address}/32"))])
    error_message = "Hosts are below ${var.domain} and have an IPv4 address."
  }
}

variable "run_hosts" {
  description = "Host names under run.app that the network may call."
  type        = set(string)

  validation {
    condition     = alltrue([for host in var.run_hosts : endswith(host, ".run.app")])
    error_message = "These are names under run.app."
  }
}

variable "google_apis" {
  description = "The four addresses of private.googleapis.com, as a /30."
  type        = string

  validation {
    condition     = endswith(var.google_apis, "/30")
    error_message = "private.googleapis.com has four addresses."
  }
}

variable "forwarded" {
  description = "The resolver to ask, by domain."
  type        = map(string)
  default     = {}
}

variable "answers_others" {
  description = "Whether the network's resolver answers questions that come over a VPN."
  type        = bool
  default     = false
}
