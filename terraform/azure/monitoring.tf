# What is watched on this side, and who is told. The budgets are docs/slo.md's.

locals {
  requests = "requests | where cloud_RoleName == '${var.app}' and name != 'health'"
}

module "monitoring" {
  source = "../modules/azure_monitoring"

  place          = local.place
  name           = local.name
  retention_days = var.retention_days
  alerted        = var.alerted
  publishers     = { fraud = azurerm_user_assigned_identity.fraud.principal_id }

  queries = {
    fraud-fails = {
      about    = "More than one in a hundred questions to fraud failed: orders are being held for review."
      severity = 1
      query    = "${local.requests} | summarize total = count(), failed = countif(toint(resultCode) >= 500) | where total > 20 and failed * 100 > total"
    }
    fraud-is-slow = {
      about    = "Checkout waits 800 ms for a score and then holds the order; one in twenty took longer than 500 ms."
      severity = 2
      query    = "${local.requests} | where name == 'score_order' | summarize total = count(), p95 = percentile(duration, 95) | where total > 20 and p95 > 500"
      window   = "PT15M"
    }
    fraud-refuses-tokens = {
      about    = "Fraud refuses callers whom Easy Auth let through: a caller's setting is missing, or somebody tries. What Easy Auth refuses itself is in AppServiceAuthenticationLogs."
      severity = 2
      query    = "${local.requests} | where resultCode in ('401', '403') | summarize refused = count() | where refused > 10"
      window   = "PT15M"
    }
  }

  metrics = var.gcp_vpn == null ? {} : {
    tunnels = {
      about       = "No instance has a BGP session with one of Google's interfaces: one tunnel is left, or none."
      resource_id = module.vpn.id
      namespace   = "Microsoft.Network/virtualNetworkGateways"
      metric      = "BgpPeerStatus"
      aggregation = "Average"
      operator    = "LessThan"
      # Azure has both instances call each interface, which answers one of them: a half is all that there is.
      threshold  = 0.25
      severity   = 1
      dimensions = { BgpPeerAddress = local.vpn.tunnels[*].google }
    }
  }

  # What the app, its stores and the tunnels say goes to the same workspace.
  watched = {
    fraud   = { id = module.fraud.id, logs = ["FunctionAppLogs", "AppServiceAuthenticationLogs"] }
    package = { id = "${module.package.id}/blobServices/default", logs = ["StorageWrite", "StorageDelete"] }
    history = { id = "${module.history.id}/tableServices/default", logs = ["StorageRead", "StorageWrite", "StorageDelete"] }
    vpn     = { id = module.vpn.id, logs = ["GatewayDiagnosticLog", "TunnelDiagnosticLog", "RouteDiagnosticLog", "IKEDiagnosticLog"] }
  }
}
