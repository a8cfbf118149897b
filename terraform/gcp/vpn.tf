# The encrypted tunnel to Azure, of the one network that calls there. First the gateway alone; once Azure's stack has
# made its own from our addresses, `azure_vpn` says where it is and the tunnels follow.

# Made outside of Terraform and read while it runs, so that it is in no plan and no state:
#   openssl rand -base64 48 | tr -d '\n' | gcloud secrets versions add azure-vpn --data-file=-
resource "google_secret_manager_secret" "vpn" {
  project   = var.project
  secret_id = "azure-vpn"

  replication {
    auto {}
  }

  depends_on = [google_project_service.this]
}

ephemeral "google_secret_manager_secret_version" "vpn" {
  count = var.azure_vpn == null ? 0 : 1

  project = var.project
  secret  = google_secret_manager_secret.vpn.secret_id
  version = tostring(var.vpn_secret_version)
}

module "vpn" {
  source = "../modules/vpn"

  project = var.project
  region  = var.region
  name    = "azure"
  network = module.network[module.manifest.vpn.google.network].id
  asn     = module.manifest.vpn.google.asn
  tunnels = module.manifest.vpn.tunnels
  peer    = var.azure_vpn == null ? null : { addresses = var.azure_vpn.addresses, asn = module.manifest.vpn.azure.asn }
  advertised = {
    services   = local.networks[module.manifest.vpn.google.network].subnets[local.calls_from]
    operators  = local.networks[module.manifest.vpn.google.network].subnets["operators"]
    google_dns = local.ranges.google_dns
  }
  shared_secret         = one(ephemeral.google_secret_manager_secret_version.vpn[*].secret_data)
  shared_secret_version = var.vpn_secret_version
}
