environment = "prod"
project     = "online-boutique-prod"
region      = "europe-west1"
