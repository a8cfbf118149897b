# Topics, and a push subscription per function and topic.

locals {
  publishers = {
    for topic in keys(module.manifest.topics) : topic => {
      for name, row in local.services : name => local.emails[name] if contains(row.publishes_topics, topic)
    }
  }
}

module "topic" {
  source   = "../modules/event_topic"
  for_each = module.manifest.topics

  project        = var.project
  name           = each.key
  publishers     = local.publishers[each.key]
  regions        = var.message_regions
  encryption_key = local.keys.events

  depends_on = [google_project_service.this]
}

module "subscription" {
  source   = "../modules/push_subscription"
  for_each = module.manifest.subscriptions

  project           = var.project
  name              = each.key
  topic             = module.topic[each.value.topic].id
  labels            = { service = local.service_names[each.value.service] }
  filter            = each.value.filter
  ordered           = each.value.ordered
  retry             = each.value.retry
  endpoint          = "https://${local.active_hosts[each.value.service]}${each.value.path}"
  audience          = local.active_addresses[each.value.service]
  push_account      = local.emails["push"]
  service_account   = local.emails[each.value.service]
  pubsub_agent      = local.pubsub_agent
  readers           = { operator = local.emails["operator"] }
  dead_letter_topic = each.value.dead_letter_topic
  regions           = var.message_regions
  encryption_key    = local.keys.events

  depends_on = [module.service, module.standby_service]
}
