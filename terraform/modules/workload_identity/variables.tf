variable "project" {
  description = "The project of the Google service account."
  type        = string
}

variable "cluster_project" {
  description = "The project of the cluster, whose workload identity pool it is. Null while there is no cluster: the pool comes with the first, and IAM refuses a member of one that is not there."
  type        = string
  default     = null
}

variable "name" {
  description = "The name of the Google service account."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.name))
    error_message = "An account's name has 6 to 30 lower-case letters, digits and dashes: ${var.name}."
  }
}

variable "about" {
  description = "Who it is."
  type        = string
}

variable "kubernetes" {
  description = "The one Kubernetes service account that may act as it: namespace and service_account."
  type        = object({ namespace = string, service_account = string })
}
