variable "project" {
  description = "The project."
  type        = string
}

variable "name" {
  description = "The subscription's name: service.function.topic."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9._-]{2,200}$", var.name))
    error_message = "Pub/Sub does not take this name: ${var.name}."
  }
}

variable "topic" {
  description = "The id of the topic."
  type        = string
}

variable "labels" {
  description = "Labels, beside those of the provider."
  type        = map(string)
  default     = {}
}

variable "filter" {
  description = "Which messages: Pub/Sub's filter, empty for all. It can't be changed later; Terraform makes another subscription."
  type        = string

  validation {
    condition     = length(var.filter) <= 256
    error_message = "Pub/Sub takes 256 bytes of filter."
  }
}

variable "ordered" {
  description = "Whether messages of one ordering key come one by one."
  type        = bool
}

variable "retry" {
  description = "How a failed push is tried again: a row's `retry`, seconds and attempts."
  type = object({
    min_backoff_s = number, max_backoff_s = number, max_attempts = number, ack_deadline_s = number
  })

  validation {
    condition     = var.retry.max_attempts >= 5 && var.retry.max_attempts <= 100
    error_message = "Pub/Sub gives up after 5 to 100 attempts."
  }
  validation {
    condition     = var.retry.min_backoff_s >= 0 && var.retry.min_backoff_s <= var.retry.max_backoff_s && var.retry.max_backoff_s <= 600
    error_message = "Pub/Sub waits 600 s at most between attempts, and the least is the smaller one."
  }
  validation {
    condition     = var.retry.ack_deadline_s >= 10 && var.retry.ack_deadline_s <= 600
    error_message = "Pub/Sub waits 10 to 600 s for an answer."
  }
}

variable "endpoint" {
  description = "Where messages are pushed to: Cloud Run's own address of the service, and the function's path."
  type        = string
}

variable "audience" {
  description = "For whom the push's token is: the service's name, as its callers use it."
  type        = string
}

variable "push_account" {
  description = "The e-mail address of the account that pushes are made as."
  type        = string
}

variable "service_account" {
  description = "The e-mail address of the service's account: its door publishes dead letters."
  type        = string
}

variable "pubsub_agent" {
  description = "The e-mail address of Pub/Sub's own agent in the project."
  type        = string
}

variable "readers" {
  description = "The e-mail addresses of the accounts that may read dead letters, by name."
  type        = map(string)
}

variable "dead_letter_topic" {
  description = "The name of the topic of what was given up, and of the subscription that keeps it."
  type        = string
}

variable "regions" {
  description = "Where dead letters may be stored."
  type        = set(string)
}

variable "encryption_key" {
  description = "The id of the customer-managed key of its dead letters. Null: Google's."
  type        = string
  default     = null
}
