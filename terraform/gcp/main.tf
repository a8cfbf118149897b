# Online Boutique's back end on Google Cloud, from the rows of triggers/: nothing that they say is said here again.

module "manifest" {
  source = "../modules/manifest"
}

locals {
  root = "${path.module}/../.."

  services = { for name, row in module.manifest.services : name => row if row.runs_on == "cloud_run" }

  apis = toset([
    "artifactregistry", "bigquery", "billingbudgets", "certificatemanager", "cloudbuild", "cloudkms", "cloudresourcemanager", "cloudscheduler",
    "compute", "dns", "firestore", "iam", "iamcredentials", "iap", "logging", "monitoring", "ondemandscanning", "pubsub", "run", "secretmanager",
    "servicedirectory", "serviceusage", "vpcaccess",
  ])
}

resource "google_project_service" "this" {
  for_each = local.apis

  project            = var.project
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

# The one image of all services.
resource "google_artifact_registry_repository" "images" {
  # checkov:skip=CKV_GCP_84:the image is public code and wheels without a secret; Google's own keys are enough for it

  project       = var.project
  location      = var.image_location
  repository_id = "boutique"
  format        = "DOCKER"
  description   = "The one image of all services, by digest."

  docker_config {
    immutable_tags = true
  }
  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }
  cleanup_policies {
    id     = "keep-the-last-twenty"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-after-ninety-days"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }
  depends_on = [google_project_service.this]
}
