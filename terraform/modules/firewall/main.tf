# What may pass in one network, above the refusal of everything in modules/network. Rules below 65000; the lower the
# priority's number, the earlier it decides.

resource "google_compute_firewall" "this" {
  for_each = var.rules

  project            = var.project
  name               = "${var.network.name}-${replace(each.key, "_", "-")}"
  description        = each.value.about
  network            = var.network.id
  direction          = each.value.direction
  priority           = each.value.priority
  source_ranges      = each.value.direction == "INGRESS" ? each.value.ranges : null
  destination_ranges = each.value.direction == "EGRESS" ? each.value.ranges : null
  target_tags        = length(each.value.tags) > 0 ? each.value.tags : null

  dynamic "allow" {
    for_each = each.value.allows ? [each.value] : []
    content {
      protocol = allow.value.protocol
      ports    = length(allow.value.ports) > 0 ? allow.value.ports : null
    }
  }
  dynamic "deny" {
    for_each = each.value.allows ? [] : [each.value]
    content {
      protocol = deny.value.protocol
      ports    = length(deny.value.ports) > 0 ? deny.value.ports : null
    }
  }
  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}
