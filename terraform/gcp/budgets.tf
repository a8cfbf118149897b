# What a month may cost.

module "budget" {
  source   = "../modules/budget"
  for_each = var.budget == null ? {} : { month = var.budget }

  project_number  = var.project_number
  billing_account = each.value.billing_account
  name            = "boutique-${var.environment}"
  amount          = { units = each.value.units, currency = each.value.currency }
  channels        = local.channels

  depends_on = [google_project_service.this]
}
