environment     = "dev"
subscription_id = "00000000-0000-4000-8000-000000000001"
tenant_id       = "00000000-0000-4000-9000-000000000000"
location        = "westeurope"
unique          = "obq1"
app             = "online-boutique-dev-fraud"
retention_days  = 30
alerted         = { on_duty = "on-duty@online-boutique.example" }
budget          = { amount = 300, from = "2026-11-01" }

# What gcp's outputs say: `gcp_vpn`, `account_ids`.
gcp_vpn = { addresses = ["203.0.113.10", "203.0.113.11"] }
google_accounts = {
  checkout         = "100000000000000001001"
  data_warehouse   = "100000000000000001002"
  operator         = "100000000000000001003"
  order_management = "100000000000000001004"
}
