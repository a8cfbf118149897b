# What a month may cost, and who hears when it will.

resource "azurerm_consumption_budget_resource_group" "this" {
  name              = "${local.name}-month"
  resource_group_id = azurerm_resource_group.this.id
  amount            = var.budget.amount
  time_grain        = "Monthly"

  time_period {
    start_date = "${var.budget.from}T00:00:00Z"
  }

  dynamic "notification" {
    for_each = { half = [50, "Actual"], most = [90, "Actual"], all = [100, "Actual"], foreseen = [100, "Forecasted"] }

    content {
      enabled        = true
      operator       = "GreaterThanOrEqualTo"
      threshold      = notification.value[0]
      threshold_type = notification.value[1]
      contact_emails = values(var.alerted)
    }
  }
}
