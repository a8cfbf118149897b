# Keys of our own, one for each kind of thing that is encrypted, renewed every 90 days and never deleted by Terraform:
# what a key encrypted is gone with it.

resource "google_kms_key_ring" "this" {
  for_each = toset([for key in values(var.keys) : key.location])

  project  = var.project
  name     = "boutique"
  location = each.key
}

resource "google_kms_crypto_key" "this" {
  for_each = var.keys

  name                       = each.key
  key_ring                   = google_kms_key_ring.this[each.value.location].id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s" # 90 days
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_binding" "users" {
  for_each = var.keys

  crypto_key_id = google_kms_crypto_key.this[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  members       = [for user in values(each.value.users) : "serviceAccount:${user}"]
}
