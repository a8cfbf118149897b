environment     = "prod"
subscription_id = "00000000-0000-4000-8000-000000000003"
tenant_id       = "00000000-0000-4000-9000-000000000000"
location        = "westeurope"
unique          = "obq3"
retention_days  = 365
alerted         = { on_duty = "on-duty@online-boutique.example" }
budget          = { amount = 1500, from = "2026-11-01" }

# What gcp's outputs say: `vpn`, `account_ids`, `dns`.
gcp_vpn = {
  addresses     = ["203.0.113.10", "203.0.113.11"]
  asn           = 64514
  bgp_addresses = ["169.254.21.1", "169.254.22.1"]
}
google_accounts = {
  checkout         = "100000000000000000001"
  data_warehouse   = "100000000000000000002"
  operator         = "100000000000000000003"
  order_management = "100000000000000000004"
}
gcp_dns = {
  run = { domain = "run.app.", servers = ["10.32.0.2"] }
}
