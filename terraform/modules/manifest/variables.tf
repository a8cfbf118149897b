variable "folder" {
  description = "Where the rows are: a folder with a file per service, topics.yaml and networks.yaml. Null: the project's own triggers/."
  type        = string
  default     = null
}
