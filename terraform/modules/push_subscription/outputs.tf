output "name" {
  description = "The subscription's name."
  value       = google_pubsub_subscription.this.name
}

output "dead_letters" {
  description = "The name of the subscription that keeps what was given up."
  value       = google_pubsub_subscription.dead_letters.name
}
