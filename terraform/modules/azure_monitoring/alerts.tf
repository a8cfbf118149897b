# Who is told, and of what.

resource "azurerm_monitor_action_group" "this" {
  name                = "${var.name}-on-duty"
  resource_group_name = var.place.resource_group
  short_name          = "on-duty"
  tags                = var.place.tags

  dynamic "email_receiver" {
    for_each = var.alerted

    content {
      name                    = email_receiver.key
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "this" {
  for_each = var.queries

  name                    = "${var.name}-${each.key}"
  description             = each.value.about
  resource_group_name     = var.place.resource_group
  location                = var.place.location
  scopes                  = [azurerm_application_insights.this.id]
  severity                = each.value.severity
  window_duration         = each.value.window
  evaluation_frequency    = each.value.every
  auto_mitigation_enabled = true
  tags                    = var.place.tags

  criteria {
    query                   = each.value.query
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = 0
  }

  action {
    action_groups = [azurerm_monitor_action_group.this.id]
  }
}

resource "azurerm_monitor_metric_alert" "this" {
  for_each = var.metrics

  name                = "${var.name}-${each.key}"
  description         = each.value.about
  resource_group_name = var.place.resource_group
  scopes              = [each.value.resource_id]
  severity            = each.value.severity
  frequency           = "PT1M"
  window_size         = "PT5M"
  tags                = var.place.tags

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.aggregation
    operator         = each.value.operator
    threshold        = each.value.threshold

    dynamic "dimension" {
      for_each = each.value.dimensions

      content {
        name     = dimension.key
        operator = "Include"
        values   = dimension.value
      }
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.this.id
  }
}
