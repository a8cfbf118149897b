# A Google service account that one Kubernetes service account acts as: the cluster's pods get its identity tokens from
# the metadata server, and no key exists.

resource "google_service_account" "this" {
  project      = var.project
  account_id   = var.name
  display_name = var.name
  description  = var.about
}

resource "google_service_account_iam_member" "acts" {
  for_each = toset(var.cluster_project[*])

  service_account_id = google_service_account.this.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${each.key}.svc.id.goog[${var.kubernetes.namespace}/${var.kubernetes.service_account}]"
}
