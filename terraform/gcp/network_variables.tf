variable "project_number" {
  description = "The number of the project, which Cloud Run's names contain: gcloud projects describe PROJECT."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{6,20}$", var.project_number))
    error_message = "A project's number has digits alone."
  }
}

variable "domain" {
  description = "A domain of ours, below which crm, inventory and furniture have their names. Only its certificates' records are public."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "A whole DNS name: ${var.domain}."
  }
}

variable "serverless_access" {
  description = "How Cloud Run services enter their networks: direct (Direct VPC egress), or connector (Serverless VPC Access), with which the firewall can't tell services apart."
  type        = string
  default     = "direct"

  validation {
    condition     = contains(["direct", "connector"], var.serverless_access)
    error_message = "direct or connector."
  }
}

variable "kubernetes_callers" {
  description = "For each caller in the cluster the Kubernetes service account that acts as it."
  type        = map(object({ namespace = string, service_account = string }))
  default     = { gke-checkout = { namespace = "default", service_account = "checkoutservice" } }

  validation {
    condition     = alltrue([for each in values(var.kubernetes_callers) : alltrue([for name in [each.namespace, each.service_account] : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name))])])
    error_message = "Kubernetes names namespaces and service accounts in small letters, digits and hyphens."
  }
  validation {
    condition     = length(setsubtract(keys(var.kubernetes_callers), keys(module.manifest.callers))) == 0
    error_message = "networks.yaml has no caller ${join(", ", setsubtract(keys(var.kubernetes_callers), keys(module.manifest.callers)))}."
  }
}

variable "cluster_project" {
  description = "The project of the cluster that kubernetes_callers run in. Google takes nobody of a cluster's identity pool before a project has a cluster: null until then, and nobody acts as those callers."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_project == null || can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.cluster_project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "azure_vpn" {
  description = "The two public addresses of Azure's VPN gateway, in the order of its instances, as Azure's stack puts them out. Null until it exists."
  type        = object({ addresses = list(string) })
  default     = null

  validation {
    condition     = var.azure_vpn == null ? true : length(distinct(var.azure_vpn.addresses)) == 2 && alltrue([for each in var.azure_vpn.addresses : can(cidrhost("${each}/32", 0))])
    error_message = "Azure's gateway has two addresses, and they are IPv4."
  }
}

variable "vpn_secret_version" {
  description = "The version of the secret azure-vpn that both tunnels use; a higher one sends it again."
  type        = number
  default     = 1

  validation {
    condition     = var.vpn_secret_version >= 1
    error_message = "Versions of a secret count from 1."
  }
}

variable "fraud_host" {
  description = "The host name of fraud's function app, as Azure's stack puts it out."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9](-?[a-z0-9])+\\.azurewebsites\\.net$", var.fraud_host)) && length(var.fraud_host) <= 52
    error_message = "A function app is at <app>.azurewebsites.net, and app has 34 letters, digits and hyphens at most: the private zone is named after it."
  }
}
