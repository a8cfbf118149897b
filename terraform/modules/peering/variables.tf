variable "one" {
  description = "One network: id and name."
  type        = object({ id = string, name = string })
}

variable "other" {
  description = "The other network: id and name."
  type        = object({ id = string, name = string })

  validation {
    condition     = var.other.name != var.one.name
    error_message = "A network is not peered with itself."
  }
}
