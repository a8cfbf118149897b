# Logs and traces in one workspace, reached privately, written to by identities, with a memory as long as is asked.

resource "azurerm_log_analytics_workspace" "this" {
  name                         = "${var.name}-logs"
  resource_group_name          = var.place.resource_group
  location                     = var.place.location
  sku                          = "PerGB2018"
  retention_in_days            = var.retention_days
  daily_quota_gb               = var.daily_cap_gb
  local_authentication_enabled = false
  internet_ingestion_enabled   = false
  internet_query_enabled       = true
  tags                         = var.place.tags
}

resource "azurerm_application_insights" "this" {
  name                         = "${var.name}-insights"
  resource_group_name          = var.place.resource_group
  location                     = var.place.location
  application_type             = "web"
  workspace_id                 = azurerm_log_analytics_workspace.this.id
  retention_in_days            = var.retention_days
  daily_data_cap_in_gb         = var.daily_cap_gb
  local_authentication_enabled = false
  internet_ingestion_enabled   = false
  internet_query_enabled       = true
  ip_masking_enabled           = true
  tags                         = var.place.tags
}

resource "azurerm_monitor_private_link_scope" "this" {
  name                  = "${var.name}-scope"
  resource_group_name   = var.place.resource_group
  ingestion_access_mode = "PrivateOnly"
  query_access_mode     = "Open"
  tags                  = var.place.tags
}

resource "azurerm_monitor_private_link_scoped_service" "this" {
  for_each = {
    logs     = azurerm_log_analytics_workspace.this.id
    insights = azurerm_application_insights.this.id
  }

  name                = each.key
  resource_group_name = var.place.resource_group
  scope_name          = azurerm_monitor_private_link_scope.this.name
  linked_resource_id  = each.value
}

resource "azurerm_role_assignment" "publisher" {
  for_each = var.publishers

  scope                = azurerm_application_insights.this.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = each.value
  principal_type       = "ServicePrincipal"
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  for_each = var.watched

  name                       = each.key
  target_resource_id         = each.value.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id

  dynamic "enabled_log" {
    for_each = each.value.logs

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
