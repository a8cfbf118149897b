# The names that one network knows: our services by their private addresses, Google's APIs, its static files (the keys of
# the Identity-Aware Proxy) and *.run.app by the address that needs no Internet, and what other networks' resolvers are
# asked for.

locals {
  zones = merge(
    { services = var.domain },
    { for zone in ["googleapis.com", "gstatic.com", "pkg.dev", "gcr.io", "run.app"] : replace(zone, ".", "-") => zone },
  )
  apis      = [for place in range(4) : cidrhost(var.google_apis, place)]
  wildcards = { for key, zone in local.zones : key => zone if contains(["gstatic.com", "pkg.dev", "gcr.io"], zone) }
}

resource "google_dns_managed_zone" "this" {
  for_each = local.zones

  project     = var.project
  name        = "${var.network.name}-${each.key}"
  description = "${each.value} as ${var.network.name} sees it."
  dns_name    = "${each.value}."
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = var.network.id
    }
  }
}

resource "google_dns_record_set" "services" {
  for_each = var.hosts

  project      = var.project
  managed_zone = google_dns_managed_zone.this["services"].name
  name         = "${each.key}."
  type         = "A"
  ttl          = 300
  rrdatas      = [each.value]
}

resource "google_dns_record_set" "apis" {
  project      = var.project
  managed_zone = google_dns_managed_zone.this["googleapis-com"].name
  name         = "private.googleapis.com."
  type         = "A"
  ttl          = 300
  rrdatas      = local.apis
}

resource "google_dns_record_set" "every_api" {
  project      = var.project
  managed_zone = google_dns_managed_zone.this["googleapis-com"].name
  name         = "*.googleapis.com."
  type         = "CNAME"
  ttl          = 300
  rrdatas      = [google_dns_record_set.apis.name]
}

resource "google_dns_record_set" "registries" {
  for_each = local.wildcards

  project      = var.project
  managed_zone = google_dns_managed_zone.this[each.key].name
  name         = "${each.value}."
  type         = "A"
  ttl          = 300
  rrdatas      = local.apis
}

resource "google_dns_record_set" "every_registry" {
  for_each = local.wildcards

  project      = var.project
  managed_zone = google_dns_managed_zone.this[each.key].name
  name         = "*.${each.value}."
  type         = "CNAME"
  ttl          = 300
  rrdatas      = ["${each.value}."]
}

# Only the services that this network calls without a load balancer have a name under run.app here.
resource "google_dns_record_set" "run" {
  for_each = var.run_hosts

  project      = var.project
  managed_zone = google_dns_managed_zone.this["run-app"].name
  name         = "${each.key}."
  type         = "A"
  ttl          = 300
  rrdatas      = local.apis
}

resource "google_dns_managed_zone" "forwarded" {
  for_each = var.forwarded

  project     = var.project
  name        = "${var.network.name}-${replace(trimsuffix(each.key, "."), ".", "-")}"
  description = "${each.key} is asked of another network's resolver, over the tunnel."
  dns_name    = "${each.key}."
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = var.network.id
    }
  }
  forwarding_config {
    target_name_servers {
      ipv4_address    = each.value
      forwarding_path = "private"
    }
  }
}

resource "google_dns_policy" "this" {
  project                   = var.project
  name                      = var.network.name
  description               = "Questions are logged; with inbound forwarding those from the other end of the VPN are answered."
  enable_logging            = true
  enable_inbound_forwarding = var.answers_others

  networks {
    network_url = var.network.id
  }
}
