output "services" {
  description = "Services by name: name, about, runs_on, network, scale, admits, admits_reason, signs_in, functions (rows), callers (of any function), publishes, publishes_topics, listens."
  value       = local.services
}

output "topics" {
  description = "Topics by name: about, aggregates, ordered where events carry an ordering key."
  value       = local.topics

  precondition {
    condition     = length(local.homeless) == 0
    error_message = "Events that no topic takes: ${join(", ", local.homeless)}."
  }
}

output "subscriptions" {
  description = "Push subscriptions by name (service.function.topic): service, function, topic, path, types (none: every type), filter, ordered, retry, dead_letter_topic."
  value       = local.subscriptions
}

output "schedules" {
  description = "Schedules by service.function: service, function, cron (UTC), path. Housekeeping of every Cloud Run service is among them."
  value       = local.schedules
}

output "edges" {
  description = "Who calls whom, by \"from->to\": from, to, from_network, to_network, reached_by (of the network called), functions."
  value       = local.edges

  precondition {
    condition     = length(setsubtract([for edge in local.called : edge.from], keys(local.places))) == 0
    error_message = "Callers that triggers/ does not declare: ${join(", ", setsubtract([for edge in local.called : edge.from], keys(local.places)))}."
  }
}

output "networks" {
  description = "Networks by name, as triggers/networks.yaml has them."
  value       = local.networks

  precondition {
    condition     = length(local.nowhere) == 0
    error_message = "Networks that networks.yaml does not have: ${join(", ", local.nowhere)}."
  }
}

output "callers" {
  description = "Callers that are no services, by name: about, network."
  value       = local.callers
}

output "accounts" {
  description = "The network of everyone who may call: services and callers by name."
  value       = local.places
}

output "vpn" {
  description = "The VPN between the clouds: google and azure (network, asn), tunnels (the BGP addresses at their ends)."
  value       = try(local.files["networks"].vpn, null)
}

output "ranges" {
  description = "Ranges that Google gives everyone, by name: cidr, about."
  value       = try(local.files["networks"].ranges, {})
}

output "outward" {
  description = "Services that may call out to the Internet, and what for."
  value       = try(local.files["networks"].outward, {})
}
