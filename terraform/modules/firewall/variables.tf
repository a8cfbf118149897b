variable "project" {
  description = "The project of the network."
  type        = string
}

variable "network" {
  description = "The network: its id and name."
  type        = object({ id = string, name = string })
}

variable "rules" {
  description = "Rules by name: about, direction (INGRESS | EGRESS), ranges of the other side, tags of those in the network that it is for (none: everyone), protocol, ports (none: all), allows (false: refuses), priority."
  type = map(object({
    about     = string
    direction = string
    ranges    = set(string)
    tags      = optional(set(string), [])
    protocol  = optional(string, "tcp")
    ports     = optional(list(string), ["443"])
    allows    = optional(bool, true)
    priority  = optional(number, 1000)
  }))

  validation {
    condition     = alltrue([for rule in values(var.rules) : contains(["INGRESS", "EGRESS"], rule.direction)])
    error_message = "A rule's direction is INGRESS or EGRESS."
  }
  validation {
    condition     = alltrue([for rule in values(var.rules) : rule.priority >= 0 && rule.priority < 65000])
    error_message = "A rule's priority is below 65000, where everything is refused."
  }
  validation {
    condition     = alltrue([for rule in values(var.rules) : length(rule.ranges) > 0])
    error_message = "A rule names the other side; without ranges it would mean everyone."
  }
  validation {
    condition = alltrue([
      for rule in values(var.rules) : !(rule.allows && rule.direction == "INGRESS" && contains(rule.ranges, "0.0.0.0/0"))
    ])
    error_message = "No network takes calls from everywhere."
  }
}
