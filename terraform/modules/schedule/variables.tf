variable "project" {
  description = "The project."
  type        = string
}

variable "region" {
  description = "Where Cloud Scheduler runs the job."
  type        = string
}

variable "name" {
  description = "The job's name: letters, digits, hyphens and underscores."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,500}$", var.name))
    error_message = "Cloud Scheduler does not take this name: ${var.name}."
  }
}

variable "about" {
  description = "What runs."
  type        = string
}

variable "cron" {
  description = "When: a cron line of five fields, in UTC."
  type        = string

  validation {
    condition     = can(regex("^[0-9*,/-]+( [0-9*,/-]+){4}$", var.cron))
    error_message = "A cron line has five fields: ${var.cron}."
  }
}

variable "endpoint" {
  description = "Where the request goes: Cloud Run's own address of the service, and the function's path."
  type        = string
}

variable "audience" {
  description = "For whom the request's token is: the service's name, as its callers use it."
  type        = string
}

variable "account" {
  description = "The e-mail address of the account that requests are made as."
  type        = string
}

variable "timeout_s" {
  description = "How long the service may take, in seconds; Cloud Scheduler waits 15 s at least."
  type        = number

  validation {
    condition     = var.timeout_s <= 1800
    error_message = "Cloud Scheduler waits half an hour at most."
  }
}

variable "paused" {
  description = "Whether it waits: its service stands by while another region serves."
  type        = bool
  default     = false
}
