# A Firestore database per service, as its documents want it (docs/firestore.json, made of them by `make docs`).

locals {
  documents = jsondecode(file("${local.root}/docs/firestore.json"))
}

module "database" {
  source   = "../modules/document_database"
  for_each = local.documents.services

  project             = var.project
  name                = "${local.prefix}${each.value.database}"
  location            = var.database_location
  collections         = each.value.collections
  indexes             = each.value.indexes
  unindexed           = local.documents.unindexed
  ttl                 = each.value.ttl
  account             = local.emails[each.key]
  deletion_protection = var.deletion_protection
  encryption_key      = local.keys.documents

  depends_on = [google_project_service.this]
}
