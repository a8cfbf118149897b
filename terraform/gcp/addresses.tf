# Where each service is called. Services of the serverless network are called at Cloud Run's own name, which Google keeps
# for a service of this project and region; those in networks of their own at a name of our domain, which leads to their
# load balancer; fraud at its function app's.

locals {
  service_names = { for service in keys(module.manifest.services) : service => replace(service, "_", "-") }
  run_hosts     = { for service, name in local.service_names : service => "${name}-${var.project_number}.${var.region}.run.app" }
  hosts         = { for service, name in local.service_names : service => "${name}.${var.domain}" }

  # The base URL of each service, which callers use and which is the audience of their tokens.
  addresses = {
    for service, row in module.manifest.services : service => "https://${
      module.manifest.networks[row.network].cloud == "azure" ? var.fraud_host :
      module.manifest.networks[row.network].reached_by == "vpc" ? local.run_hosts[service] : local.hosts[service]
    }"
  }
}
