output "id" {
  description = "The topic's id: projects/…/topics/…."
  value       = google_pubsub_topic.this.id
}

output "name" {
  description = "The topic's name."
  value       = google_pubsub_topic.this.name
}
