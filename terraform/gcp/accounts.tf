# Who is who: an account per service, per caller that is no service (those in the cluster are with workload identity), and
# two that Pub/Sub and Cloud Scheduler act as.

locals {
  about_accounts = merge(
    { for name, row in local.services : name => row.about },
    { for name, row in module.manifest.callers : name => row.about if !contains(keys(var.kubernetes_callers), name) },
    { push = "Pub/Sub pushes events as this one.", scheduler = "Cloud Scheduler asks as this one." },
  )
  emails = merge(
    { for name, account in google_service_account.this : name => account.email },
    { for name, caller in module.workload_identity : name => caller.email },
  )

  pubsub_agent = "service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  iap_agent    = "service-${var.project_number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_service_account" "this" {
  for_each = local.about_accounts

  project      = var.project
  account_id   = "${local.prefix}${replace(each.key, "_", "-")}"
  display_name = each.key
  description  = each.value

  depends_on = [google_project_service.this]
}

# Pub/Sub's agent makes tokens of the account that it pushes as.
resource "google_service_account_iam_binding" "pushes" {
  service_account_id = google_service_account.this["push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  members            = ["serviceAccount:${local.pubsub_agent}"]
}

# People on duty act as the operator, and every time they do is in the audit log.
resource "google_service_account_iam_binding" "operators" {
  service_account_id = google_service_account.this["operator"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  members            = var.operators
}
