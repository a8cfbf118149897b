environment     = "staging"
subscription_id = "00000000-0000-4000-8000-000000000002"
tenant_id       = "00000000-0000-4000-9000-000000000000"
location        = "westeurope"
unique          = "obq2"
app             = "online-boutique-staging-fraud"
retention_days  = 90
alerted         = { on_duty = "on-duty@online-boutique.example" }
budget          = { amount = 400, from = "2026-11-01" }

# What gcp's outputs say: `gcp_vpn`, `account_ids`.
gcp_vpn = { addresses = ["203.0.113.20", "203.0.113.21"] }
google_accounts = {
  checkout         = "100000000000000002001"
  data_warehouse   = "100000000000000002002"
  operator         = "100000000000000002003"
  order_management = "100000000000000002004"
}
