environment    = "dev"
project        = "online-boutique-dev"
region         = "europe-west1"
project_number = "100000000001"
domain         = "dev.boutique.example.com"
fraud_host     = "online-boutique-dev-fraud.azurewebsites.net"
operators      = ["group:operators@online-boutique.example"]

deletion_protection  = false
keep_warm            = false
database_location    = "europe-west1"
message_regions      = ["europe-west1"]
warehouse_location   = "EU"
event_retention_days = 30

alerted  = { on_duty = "on-duty@online-boutique.example" }
log_days = 30
budget   = { billing_account = "000000-000000-000000", units = 500, currency = "EUR" }
