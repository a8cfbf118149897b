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

  # People apply with their own credentials, which belong to no project: some APIs (budgets) then ask whose quota it is.
  billing_project       = var.project
  user_project_override = true

  default_labels = { application = "online-boutique", environment = var.environment }
}
