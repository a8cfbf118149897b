output "access" {
  description = "For each service what its vpc_access says: egress, connector, or network, subnetwork and tags."
  value       = local.access
}

output "tags" {
  description = "The network tag that the firewall knows each service by."
  value       = local.tags
}
