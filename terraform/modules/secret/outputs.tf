output "name" {
  description = "The secret's name, once its readers may read it."
  value       = google_secret_manager_secret.this.secret_id
  depends_on  = [google_secret_manager_secret_iam_binding.readers]
}
