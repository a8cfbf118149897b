output "type" {
  description = "The metric's type, as filters name it."
  value       = "logging.googleapis.com/user/${google_logging_metric.this.name}"
}
