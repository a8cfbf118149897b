terraform {
  required_version = "~> 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.46"
    }
  }

  # `terraform init -backend-config=environments/<environment>.gcs.tfbackend` says which bucket.
  backend "gcs" {}
}

provider "google" {
  project = var.project
  region  = var.region

  default_labels = { application = "online-boutique", environment = var.environment }
}
