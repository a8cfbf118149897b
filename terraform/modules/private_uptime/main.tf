# A look every minute, from within the network, whether a service's private address answers. Google's checkers are no
# caller of any row, so the service refuses them: 401 or 403 from it shows that way and balancer work, and gives nobody a
# right. Certificates are not looked at: Google does so for public checks alone. Whether the service works behind that is
# what its objectives measure.

resource "google_service_directory_namespace" "this" {
  project      = var.project
  location     = var.region
  namespace_id = "uptime-${var.name}"
}

resource "google_service_directory_service" "this" {
  namespace  = google_service_directory_namespace.this.id
  service_id = var.name
}

resource "google_service_directory_endpoint" "this" {
  service     = google_service_directory_service.this.id
  endpoint_id = "balancer"
  network     = var.network
  address     = var.target.address
  port        = 443
}

resource "google_monitoring_uptime_check_config" "this" {
  project            = var.project
  display_name       = "${var.name} answers at its private address"
  checker_type       = "VPC_CHECKERS"
  period             = "60s"
  timeout            = "10s"
  log_check_failures = true

  http_check {
    path           = "/health"
    port           = 443
    use_ssl        = true
    request_method = "GET"
    headers        = { Host = var.target.host }

    dynamic "accepted_response_status_codes" {
      for_each = { ok = 200, unauthenticated = 401, forbidden = 403 }
      content {
        status_value = accepted_response_status_codes.value
      }
    }
  }

  monitored_resource {
    type = "servicedirectory_service"
    labels = {
      project_id     = var.project
      location       = var.region
      namespace_name = google_service_directory_namespace.this.namespace_id
      service_name   = google_service_directory_service.this.service_id
    }
  }

  depends_on = [google_service_directory_endpoint.this]
}

module "alert" {
  source = "../alert"

  project  = var.project
  name     = "${var.name}-unreachable"
  about    = "${var.name} does not answer at its private address: look at its load balancer, its certificate and the ways to it."
  severity = "CRITICAL"
  filter   = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" resource.type=\"servicedirectory_service\" resource.label.service_name=\"${var.name}\""
  below    = 0.5
  aligner  = "ALIGN_FRACTION_TRUE" # the metric is true or false, which has no mean
  by       = ["resource.label.service_name"]
  lasting  = 300
  channels = var.channels
}
