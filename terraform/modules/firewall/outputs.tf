output "rules" {
  description = "Names of the rules, by their names here."
  value       = { for name, rule in google_compute_firewall.this : name => rule.name }
}
