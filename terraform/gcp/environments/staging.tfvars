environment    = "staging"
project        = "online-boutique-staging"
region         = "europe-west1"
project_number = "100000000002"
domain         = "staging.boutique.example.com"
fraud_host     = "online-boutique-staging-fraud.azurewebsites.net"
operators      = ["group:operators@online-boutique.example"]

# The project of the storefront's cluster, once there is one.
cluster_project = "online-boutique-staging"

deletion_protection  = false
keep_warm            = true
database_location    = "eur3"
message_regions      = ["europe-west1", "europe-west4"]
warehouse_location   = "EU"
event_retention_days = 90

alerted  = { on_duty = "on-duty@online-boutique.example" }
log_days = 90
budget   = { billing_account = "000000-000000-000000", units = 800, currency = "EUR" }
