output "id" {
  description = "The network's id, as other resources name it."
  value       = google_compute_network.this.id
}

output "name" {
  description = "The network's name."
  value       = google_compute_network.this.name
}

output "subnets" {
  description = "Ids of the subnets by name."
  value       = { for name, subnet in google_compute_subnetwork.this : name => subnet.id }
}

output "subnet_names" {
  description = "Names of the subnets, as Google has them, by name."
  value       = { for name, subnet in google_compute_subnetwork.this : name => subnet.name }
}
