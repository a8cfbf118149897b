# The VNet, and who may reach what in it: callers of the rows reach fraud's endpoint, fraud reaches its own stores.

locals {
  delegated = {
    functions         = "Microsoft.App/environments"
    resolver_inbound  = "Microsoft.Network/dnsResolvers"
    resolver_outbound = "Microsoft.Network/dnsResolvers"
  }
  ranges  = { for name, subnet in local.network.subnets : name => subnet.cidr }
  address = { for name, address in local.network.addresses : name => "${address}/32" }

  # A service on Google sends from its network's egress (or connector) subnet, a person on duty from the operators'.
  homes = { for caller in local.callers : caller => {
    network = module.manifest.networks[module.manifest.accounts[caller]]
    party   = contains(keys(module.manifest.services), caller) ? "services" : "operators"
    subnets = contains(keys(module.manifest.services), caller) ? ["egress", "connector"] : ["operators"]
  } }
  parties = { for party, callers in { for caller, home in local.homes : "${module.manifest.accounts[caller]}-${home.party}" => caller... } : party => {
    callers = sort(callers)
    ranges  = [for name, subnet in local.homes[callers[0]].network.subnets : subnet.cidr if contains(local.homes[callers[0]].subnets, name)]
  } }
  operators = flatten([for party, each in local.parties : each.ranges if endswith(party, "-operators")])

  calls = { for index, party in sort(keys(local.parties)) : "fraud-from-${party}" => {
    about = "Callers of fraud: ${join(", ", local.parties[party].callers)}.", priority = 100 + index
    from  = local.parties[party].ranges, to = [local.address.fraud]
  } }
  stores = { for index, store in ["package", "history"] : store => {
    about = "Fraud reaches its ${store}.", priority = 200 + index
    from  = [local.ranges.functions], to = [local.address[store]]
  } }
  telemetry = { telemetry = {
    about = "Logs and traces, by private link.", priority = 210
    from  = [local.ranges.functions], to = [local.ranges.telemetry]
  } }
  vault = length(local.operators) == 0 ? {} : { vault-from-operators = {
    about = "People on duty put keys into the vault.", priority = 220
    from  = local.operators, to = [local.address.vault]
  } }
  # Fraud's deployment has no public door either; what an agent may do behind this one, roles on the app say.
  deploys = { deploys = {
    about = "Agents deploy fraud, and look whether it answers.", priority = 230
    from  = [local.ranges.agents], to = [local.address.fraud]
  } }
  fetches = { fetches = {
    about = "Agents fetch sources and packages, and ask Azure's management.", priority = 300
    from  = [local.ranges.agents], to = ["Internet"]
  } }
  keys = { entra-keys = {
    about = module.manifest.outward["fraud"], priority = 300
    from  = [local.ranges.functions], to = ["AzureActiveDirectory"]
  } }
  asked = { for index, protocol in ["Tcp", "Udp"] : "questions-${lower(protocol)}" => {
    about = "Google's Cloud DNS asks where fraud is.", priority = 100 + index, protocol = protocol, ports = ["53"]
    from  = [module.manifest.ranges["google_dns"].cidr], to = [local.address.resolver]
  } }
  asking = { for index, pair in setproduct(keys(var.gcp_dns), ["Tcp", "Udp"]) : "${pair[0]}-${lower(pair[1])}" => {
    about = "Google answers ${var.gcp_dns[pair[0]].domain}", priority = 100 + index, protocol = pair[1], ports = ["53"]
    from  = [local.ranges.resolver_outbound], to = [for server in var.gcp_dns[pair[0]].servers : "${server}/32"]
  } }
}

module "network" {
  source = "../modules/azure_network"

  place = local.place
  name  = "${local.name}-network"
  cidr  = local.network.cidr

  subnets = { for name, cidr in local.ranges : (name == "gateway" ? "GatewaySubnet" : replace(name, "_", "-")) => {
    cidr      = cidr
    delegated = lookup(local.delegated, name, null)
    private   = contains(["agents", "endpoints", "telemetry"], name)
    guarded   = name != "gateway"
  } }
  outward = { functions = module.manifest.outward["fraud"], agents = local.network.subnets["agents"].about }

  inbound = {
    endpoints        = merge(local.calls, local.stores, local.vault, local.deploys)
    telemetry        = local.telemetry
    resolver-inbound = local.asked
  }
  outbound = {
    functions         = merge(local.stores, local.telemetry, local.keys)
    agents            = merge(local.deploys, local.fetches)
    resolver-outbound = local.asking
  }
}
