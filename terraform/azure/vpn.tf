# The one way between the clouds: IPsec to Google's HA VPN, routes by BGP.

locals {
  vpn = module.manifest.vpn

  # Tunnel n is between interface n there and instance n here. Azure wants an address of the other instance for it too;
  # it has the same place in the next /30, and nobody answers it.
  spoken = { for index, tunnel in local.vpn.tunnels : tostring(index) => tunnel.azure }
  spare  = { for tunnel, address in local.spoken : tunnel => cidrhost("${address}/24", tonumber(split(".", address)[3]) + 4) }
}

module "vpn" {
  source = "../modules/azure_vpn"

  place     = local.place
  name      = "${local.name}-vpn"
  sku       = local.lasting ? "VpnGw2AZ" : "VpnGw1AZ"
  subnet_id = module.network.subnets["GatewaySubnet"]
  asn       = local.vpn.azure.asn
  instances = { for instance in ["0", "1"] : instance => { for tunnel in keys(local.spoken) : tunnel => tunnel == instance ? local.spoken[tunnel] : local.spare[tunnel] } }

  peers = var.gcp_vpn == null ? {} : { for interface, address in var.gcp_vpn.addresses : tostring(interface) => {
    address     = address
    bgp_address = local.vpn.tunnels[interface].google
    asn         = local.vpn.google.asn
  } }
  shared_key = var.vpn_shared_key
}
