variable "environment" {
  description = "Which environment this is: dev, staging or prod."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environments are dev, staging and prod."
  }
}

variable "subscription_id" {
  description = "The Azure subscription that all of one environment lives in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id is a UUID."
  }
}

variable "tenant_id" {
  description = "The Entra tenant of that subscription."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.tenant_id))
    error_message = "tenant_id is a UUID."
  }
}

variable "location" {
  description = "The region that everything runs in; Flex Consumption is not in every one."
  type        = string
  default     = "westeurope"

  validation {
    condition     = can(regex("^[a-z]+[0-9]*$", var.location))
    error_message = "A region is named as westeurope is."
  }
}

variable "unique" {
  description = "What makes names that all of Azure shares (storage, vault) this estate's own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,5}$", var.unique))
    error_message = "unique is 3 to 5 small letters and digits: a storage account's name has 24 at most."
  }
}

variable "app" {
  description = "The function app's name, unique in all of Azure; gcp's `fraud_host` is <app>.azurewebsites.net."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9](-?[a-z0-9])+$", var.app)) && length(var.app) <= 34
    error_message = "app is 2 to 34 small letters, digits and single hyphens: Google's private zone of its name has 63 with what comes before and after."
  }
}

variable "google_accounts" {
  description = "The unique id of each caller's Google service account, by caller: gcp's output `account_ids`. Empty until those accounts are made: nobody may call then."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for id in values(var.google_accounts) : can(regex("^[0-9]{21}$", id))])
    error_message = "A Google service account's unique id has 21 digits."
  }
}

variable "gcp_vpn" {
  description = "The public addresses of Google's HA VPN gateway, interface 0 first: gcp's output `gcp_vpn`. Null until that gateway is made: no tunnel then."
  type        = object({ addresses = list(string) })
  default     = null

  validation {
    condition     = var.gcp_vpn == null ? true : length(distinct(var.gcp_vpn.addresses)) == 2 && alltrue([for each in var.gcp_vpn.addresses : can(cidrhost("${each}/32", 0))])
    error_message = "An HA VPN gateway has two addresses, and they are IPv4."
  }
}

variable "vpn_shared_key" {
  description = "The tunnels' pre-shared key, the one in Google's secret azure-vpn; from the environment (TF_VAR_vpn_shared_key), never in a file. Null: an operator sets it at the connections. Either way the provider keeps it in the state: it has no write-only form."
  type        = string
  sensitive   = true
  default     = null

  validation {
    condition     = var.vpn_shared_key == null || can(regex("^[A-Za-z0-9+/=_-]{32,128}$", var.vpn_shared_key))
    error_message = "vpn_shared_key is 32 to 128 letters, digits and +/=_-."
  }
}

variable "gcp_dns" {
  description = "Domains that Google answers, and the addresses of its inbound DNS forwarders, by a name of your own; gcp's output `dns`."
  type        = map(object({ domain = string, servers = set(string) }))
  default     = {}

  validation {
    condition     = alltrue([for each in values(var.gcp_dns) : endswith(each.domain, ".") && length(each.servers) > 0])
    error_message = "domain ends with a dot, and somebody answers for it."
  }
}

variable "retention_days" {
  description = "How long logs are kept, days; a year where it counts (requirements 004)."
  type        = number
  default     = 365

  validation {
    condition     = contains([30, 60, 90, 120, 180, 270, 365, 550, 730], var.retention_days)
    error_message = "retention_days is one that both Application Insights and Log Analytics take: 30, 60, 90, 120, 180, 270, 365, 550 or 730."
  }
}

variable "alerted" {
  description = "E-mail addresses of who is on duty, by a name of your own."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.alerted) > 0 && alltrue([for each in values(var.alerted) : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", each))])
    error_message = "Somebody is on duty, with an e-mail address."
  }
}

variable "operators_group" {
  description = "The object id of the Entra group whose members put secrets into the vault. Null: nobody."
  type        = string
  default     = null

  validation {
    condition     = var.operators_group == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.operators_group))
    error_message = "operators_group is a UUID."
  }
}

variable "customer_key_id" {
  description = "A key of your own for storage: its id, without version, in this stack's vault. Null: Microsoft's keys."
  type        = string
  default     = null

  validation {
    condition     = var.customer_key_id == null || can(regex("^https://[a-z0-9-]+\\.vault\\.azure\\.net/keys/[A-Za-z0-9-]+$", var.customer_key_id))
    error_message = "customer_key_id is https://<vault>.vault.azure.net/keys/<key>."
  }
}

variable "budget" {
  description = "What a month may cost, in the subscription's currency, and the first month it counts from (2026-11-01)."
  type        = object({ amount = number, from = string })
  nullable    = false

  validation {
    condition     = var.budget.amount > 0 && can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01$", var.budget.from))
    error_message = "amount is more than nothing, and from is the first day of a month."
  }
}
