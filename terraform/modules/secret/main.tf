# A place for a secret and who may read it. Its value comes by another way (`gcloud secrets versions add`), so that it is
# in no file, no plan and no state.

resource "google_secret_manager_secret" "this" {
  project             = var.project
  secret_id           = var.name
  annotations         = { about = var.about }
  version_destroy_ttl = "604800s" # a destroyed version can be had back for a week
  deletion_protection = var.deletion_protection

  replication {
    user_managed {
      dynamic "replicas" {
        for_each = var.locations
        content {
          location = replicas.value

          dynamic "customer_managed_encryption" {
            for_each = var.encryption_key[*]
            content {
              kms_key_name = customer_managed_encryption.value
            }
          }
        }
      }
    }
  }
}

resource "google_secret_manager_secret_iam_binding" "readers" {
  project   = var.project
  secret_id = google_secret_manager_secret.this.secret_id
  role      = "roles/secretmanager.secretAccessor"
  members   = [for account in values(var.readers) : "serviceAccount:${account}"]
}
