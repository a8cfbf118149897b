output "workspace_id" {
  description = "The Log Analytics workspace."
  value       = azurerm_log_analytics_workspace.this.id
}

output "connection_string" {
  description = "Where telemetry goes; it holds an address and an instrumentation key, which is refused without an identity."
  value       = azurerm_application_insights.this.connection_string
  sensitive   = true
}

output "scope_id" {
  description = "The private link scope."
  value       = azurerm_monitor_private_link_scope.this.id
}

output "action_group_id" {
  description = "Who is told."
  value       = azurerm_monitor_action_group.this.id
}
