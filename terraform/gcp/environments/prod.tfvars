environment    = "prod"
project        = "online-boutique-prod"
region         = "europe-west1"
project_number = "100000000003"
domain         = "boutique.example.com"
fraud_host     = "online-boutique-prod-fraud.azurewebsites.net"
operators      = ["group:operators@online-boutique.example"]

# The project of the storefront's cluster, once there is one.
cluster_project = "online-boutique-prod"

deletion_protection  = true
keep_warm            = true
database_location    = "eur3"
standby_region       = "europe-west4"
message_regions      = ["europe-west1", "europe-west4"]
warehouse_location   = "EU"
event_retention_days = 3653

alerted  = { on_duty = "on-duty@online-boutique.example" }
log_days = 365
budget   = { billing_account = "000000-000000-000000", units = 6000, currency = "EUR" }
