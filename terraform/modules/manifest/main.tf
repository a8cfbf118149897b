# Everything that the clouds are built from, read from triggers/ as the laptop reads it (shared/manifest.py).

locals {
  folder = coalesce(var.folder, "${path.module}/../../../triggers")
  files = {
    for file in fileset(local.folder, "*.yaml") : trimsuffix(file, ".yaml") => yamldecode(file("${local.folder}/${file}"))
  }
  rows = { for name, row in local.files : name => row if !contains(["topics", "networks"], name) }

  topics   = local.files["topics"].topics
  networks = local.files["networks"].networks
  callers  = local.files["networks"].callers

  # What shared/manifest.py takes where a row says nothing.
  scale = { memory = "512Mi", cpu = "1", concurrency = 40, min = 0, max = 20, timeout_s = 30 }
  retry = { min_backoff_s = 0.1, max_backoff_s = 60, max_attempts = 100, ack_deadline_s = 10 }
  # What every Cloud Run service does without a row (shared/http/housekeeping.py).
  housekeeping = { relay_outbox = "* * * * *", purge_expired = "17 3 * * *" }

  types    = flatten([for row in values(local.rows) : [row.publishes, [for function in values(row.functions) : try(function.event, [])]]])
  homeless = [for type in local.types : type if type != "*" && !can(local.topic_of[split(".", type)[0]])]
  nowhere  = setsubtract(concat(values(local.rows)[*].network, values(local.callers)[*].network), keys(local.networks))

  topic_of = merge([for topic, row in local.topics : { for aggregate in row.aggregates : aggregate => topic }]...)

  services = {
    for name, row in local.rows : name => {
      name             = name
      about            = row.about
      runs_on          = row.runs_on
      network          = row.network
      scale            = merge(local.scale, try(row.scale, {}))
      admits           = try(row.admits, "tokens")
      admits_reason    = try(row.admits_reason, "")
      signs_in         = try(row.signs_in, null)
      functions        = row.functions
      publishes        = row.publishes
      publishes_topics = distinct(sort([for type in row.publishes : lookup(local.topic_of, split(".", type)[0], "")]))
      callers          = distinct(sort(flatten([for function in values(row.functions) : try(function.callers, [])])))
      listens          = anytrue([for function in values(row.functions) : can(function.event)])
    }
  }

  # A function listens to events of several topics; a subscription is of one (docs/decisions/0005).
  listeners = flatten([
    for service, row in local.rows : [
      for function, of in row.functions : {
        service  = service
        function = function
        all      = contains(flatten([of.event]), "*")
        types    = sort(flatten([of.event]))
        raw      = try(of.raw, false)
        ordered  = try(of.ordered, false)
        retry    = merge(local.retry, try(of.retry, {}))
      } if can(of.event)
    ]
  ])
  subscribed = flatten([
    for each in local.listeners : [
      for topic, types in(
        each.all
        ? { for topic in keys(local.topics) : topic => [] }
        : { for type in each.types : lookup(local.topic_of, split(".", type)[0], "") => type... }
      ) : merge(each, { topic = topic, types = types, name = "${each.service}.${each.function}.${topic}" })
    ]
  ])
  # Pub/Sub takes 256 bytes of filter. Where naming every type takes more, the aggregates are named: the function's door
  # acknowledges the types that its row does not want.
  exact = {
    for each in local.subscribed : each.name => join(" OR ", [for type in each.types : "attributes.ce-type=\"${type}\""])
  }
  broad = {
    for each in local.subscribed : each.name => join(" OR ", [
      for aggregate in distinct([for type in each.types : split(".", type)[0]]) : "hasPrefix(attributes.ce-type,\"${aggregate}.\")"
    ])
  }
  subscriptions = {
    for each in local.subscribed : each.name => {
      name              = each.name
      service           = each.service
      function          = each.function
      topic             = each.topic
      path              = "/events/${each.function}"
      types             = each.raw ? [] : each.types
      filter            = each.raw ? "NOT attributes:ce-type" : length(local.exact[each.name]) <= 256 ? local.exact[each.name] : local.broad[each.name]
      ordered           = each.ordered
      retry             = each.retry
      dead_letter_topic = "${each.name}.dead-letter"
    }
  }

  scheduled = flatten([
    for service, row in local.rows : concat(
      [for function, of in row.functions : { service = service, function = function, cron = of.schedule } if can(of.schedule)],
      [for function, cron in local.housekeeping : { service = service, function = function, cron = cron } if row.runs_on == "cloud_run"],
    )
  ])
  schedules = {
    for each in local.scheduled : "${each.service}.${each.function}" => merge(each, { path = "/schedules/${each.function}" })
  }

  called = flatten([
    for service, row in local.rows : [
      for function, of in row.functions : [for caller in try(of.callers, []) : { from = caller, to = service, function = function }]
    ]
  ])
  places = merge(
    { for name, row in local.callers : name => row.network },
    { for name, row in local.rows : name => row.network },
  )
  edges = {
    for key, calls in { for each in local.called : "${each.from}->${each.to}" => each... } : key => {
      from         = calls[0].from
      to           = calls[0].to
      from_network = lookup(local.places, calls[0].from, "")
      to_network   = local.places[calls[0].to]
      reached_by   = try(local.networks[local.places[calls[0].to]].reached_by, "")
      functions    = sort(calls[*].function)
    }
  }
}
