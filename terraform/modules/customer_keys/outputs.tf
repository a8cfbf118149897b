output "ids" {
  description = "Keys' ids by name, once they may be used."
  value       = { for name, key in google_kms_crypto_key.this : name => key.id }
  depends_on  = [google_kms_crypto_key_iam_binding.users]
}
