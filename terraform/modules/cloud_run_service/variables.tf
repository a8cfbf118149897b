variable "project" {
  description = "The project."
  type        = string
}

variable "region" {
  description = "The region that it runs in."
  type        = string
}

variable "name" {
  description = "The service's name in Cloud Run: lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$", var.name))
    error_message = "Cloud Run takes up to 49 lower-case letters, digits and hyphens: ${var.name}."
  }
}

variable "about" {
  description = "What the service is for."
  type        = string
}

variable "labels" {
  description = "Labels, beside those of the provider."
  type        = map(string)
  default     = {}
}

variable "image" {
  description = "The one image of all services, by digest."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest (…@sha256:…): a tag may mean another one tomorrow."
  }
}

variable "environment" {
  description = "Variables of the process. No secrets."
  type        = map(string)
}

variable "secrets" {
  description = "Variables that Cloud Run reads from Secret Manager when an instance starts: by name, the secret and its version."
  type        = map(object({ secret = string, version = optional(string, "latest") }))
  default     = {}
}

variable "account" {
  description = "The e-mail address of the service account that it runs as."
  type        = string
}

variable "audiences" {
  description = "For whom callers' tokens may be, beside Cloud Run's own addresses: the names that callers use."
  type        = list(string)
  default     = []
}

variable "invokers" {
  description = "The e-mail addresses of the accounts that may call, by the caller's name."
  type        = map(string)
}

variable "admits" {
  description = "Whom it lets in: tokens (invokers alone), or network (anyone who reaches it)."
  type        = string
  default     = "tokens"

  validation {
    condition     = contains(["tokens", "network"], var.admits)
    error_message = "A service admits by tokens or by network."
  }
}

variable "people" {
  description = "Who may sign in by the Identity-Aware Proxy: group:…, user:…. Empty: it stands before services for people alone."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.people : can(regex("^(group|user):[^@]+@[^@]+$", member))])
    error_message = "People sign in: group:name@domain or user:name@domain."
  }
}

variable "scale" {
  description = "What one instance gets and how many there are: a row's `scale`."
  type = object({
    memory = string, cpu = string, concurrency = number, min = number, max = number, timeout_s = number
  })

  validation {
    condition     = var.scale.min <= var.scale.max && var.scale.max >= 1
    error_message = "At most ${var.scale.max} instances, at least ${var.scale.min}?"
  }
  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi)$", var.scale.memory)) && contains(["1", "2", "4", "6", "8"], var.scale.cpu)
    error_message = "Memory in Mi or Gi; 1, 2, 4, 6 or 8 CPUs, because requests are served side by side."
  }
  validation {
    condition     = var.scale.concurrency >= 1 && var.scale.concurrency <= 1000 && var.scale.timeout_s <= 3600
    error_message = "Cloud Run serves 1 to 1000 requests side by side, each for an hour at most."
  }
}

variable "vpc_access" {
  description = "How it enters its network: egress and a connector, or network, subnetwork and tags (Direct VPC egress). Null: not at all."
  type = object({
    egress     = string
    connector  = optional(string)
    network    = optional(string)
    subnetwork = optional(string)
    tags       = optional(list(string), [])
  })
  default = null
}

variable "encryption_key" {
  description = "The id of the customer-managed key that its image and instances are encrypted with. Null: Google's."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete it."
  type        = bool
}
