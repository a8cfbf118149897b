# A service of triggers/ on Cloud Run: reached from inside only, called by those whom its rows name, as an account of its own.

locals {
  invoker_iam_disabled = var.admits == "network"
  # Where IAM asks every caller for a token, it takes the signature away, and the process is to believe the rest. A page
  # for people is reached by the proxy's own account: what else a browser sends with it, nobody has checked.
  checked     = !local.invoker_iam_disabled && length(var.people) == 0
  environment = merge(var.environment, { BOUTIQUE_IAM_CHECKS_TOKENS = tostring(local.checked) })
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project
  location            = var.region
  name                = var.name
  description         = var.about
  labels              = var.labels
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  custom_audiences    = var.audiences
  deletion_protection = var.deletion_protection
  # Only for callers without tokens, known by their network: see `admits` in the service's row.
  invoker_iam_disabled = local.invoker_iam_disabled
  # Only for pages of people: see `signs_in` in the service's row. The proxy then calls as its own account, an invoker.
  iap_enabled = length(var.people) > 0

  template {
    service_account                  = var.account
    timeout                          = "${var.scale.timeout_s}s"
    max_instance_request_concurrency = var.scale.concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    encryption_key                   = var.encryption_key

    scaling {
      min_instance_count = var.scale.min
      max_instance_count = var.scale.max
    }

    containers {
      image = var.image

      resources {
        limits            = { cpu = var.scale.cpu, memory = var.scale.memory }
        cpu_idle          = true # nothing is done after the answer
        startup_cpu_boost = true
      }
      ports {
        container_port = 8080
      }
      dynamic "env" {
        for_each = local.environment
        content {
          name  = env.key
          value = env.value
        }
      }
      dynamic "env" {
        for_each = var.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value.secret
              version = env.value.version
            }
          }
        }
      }
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 30
        http_get {
          path = "/health"
        }
      }
      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3
        http_get {
          path = "/health"
        }
      }
    }

    dynamic "vpc_access" {
      for_each = var.vpc_access == null ? {} : { this = var.vpc_access }
      content {
        egress    = vpc_access.value.egress
        connector = vpc_access.value.connector
        dynamic "network_interfaces" {
          for_each = vpc_access.value.connector == null ? { this = vpc_access.value } : {}
          content {
            network    = network_interfaces.value.network
            subnetwork = network_interfaces.value.subnetwork
            tags       = network_interfaces.value.tags
          }
        }
      }
    }
  }

  lifecycle {
    # The pipeline moves the image by digest, and traffic from revision to revision.
    ignore_changes = [template[0].containers[0].image, template[0].revision, traffic, client, client_version]
  }
}

# All who may call, and nobody else: what is granted by hand goes with the next apply.
resource "google_cloud_run_v2_service_iam_binding" "invokers" {
  project  = var.project
  location = google_cloud_run_v2_service.this.location
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  members  = [for account in values(var.invokers) : "serviceAccount:${account}"]
}

# All who may sign in by the Identity-Aware Proxy, and nobody else.
resource "google_iap_web_cloud_run_service_iam_binding" "people" {
  for_each = length(var.people) > 0 ? { this = var.people } : {}

  project                = var.project
  location               = google_cloud_run_v2_service.this.location
  cloud_run_service_name = google_cloud_run_v2_service.this.name
  role                   = "roles/iap.httpsResourceAccessor"
  members                = each.value
}
