environment = "staging"
project     = "online-boutique-staging"
region      = "europe-west1"
