environment = "dev"
project     = "online-boutique-dev"
region      = "europe-west1"
