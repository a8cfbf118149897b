environment     = "prod"
subscription_id = "00000000-0000-4000-8000-000000000003"
tenant_id       = "00000000-0000-4000-9000-000000000000"
location        = "westeurope"
unique          = "obq3"
app             = "online-boutique-prod-fraud"
retention_days  = 365
alerted         = { on_duty = "on-duty@online-boutique.example" }
budget          = { amount = 1500, from = "2026-11-01" }

# What gcp's outputs say: `gcp_vpn`, `account_ids`.
gcp_vpn = { addresses = ["203.0.113.30", "203.0.113.31"] }
google_accounts = {
  checkout         = "100000000000000003001"
  data_warehouse   = "100000000000000003002"
  operator         = "100000000000000003003"
  order_management = "100000000000000003004"
}
