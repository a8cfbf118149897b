"""Mistakes that somebody could make in terraform/, each with the findings that name it.

Those of a stack are planned together: what one finding says must not depend on another mistake.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mistake:
    """A text of a file that is another (`before` empty: a new file), and what must be found."""

    file: str
    after: str
    found: tuple[str, ...]
    before: str = ""

    def make(self, terraform: Path) -> None:
        path = terraform / self.file
        text = path.read_text("utf-8") if path.exists() else ""
        if self.before:
            assert text.count(self.before) == 1, f"{self.before!r} is {text.count(self.before)} times in {self.file}"
            path.write_text(text.replace(self.before, self.after))
        else:
            assert not text, f"{self.file} is there"
            path.write_text(self.after)


def _service(overrides: str) -> str:
    return f'resource "google_cloud_run_v2_service" "this" {{\n{overrides}\n}}\n'


GOOGLE = {
    "an undeclared caller": Mistake(
        "gcp/seeded_caller.tf",
        """resource "google_cloud_run_v2_service_iam_binding" "seeded" {
  name     = module.service["accounting"].name
  location = var.region
  role     = "roles/run.invoker"
  members  = ["serviceAccount:${google_service_account.this["pricing"].email}"]
}
""",
        ("way_without_an_edge: pricing -> accounting: gets in by Cloud Run's own name",),
    ),
    "an undeclared caller of everything": Mistake(
        "gcp/seeded_project.tf",
        """resource "google_project_iam_member" "seeded" {
  project = var.project
  role    = "roles/run.invoker"
  member  = "serviceAccount:${google_service_account.this["furniture"].email}"
}
""",
        ("way_without_an_edge: furniture -> payment: gets in by Cloud Run's own name",),
    ),
    "everyone may call": Mistake(
        "gcp/seeded_everyone.tf",
        """resource "google_cloud_run_v2_service_iam_binding" "everyone" {
  name     = module.service["pricing"].name
  location = var.region
  role     = "roles/run.invoker"
  members  = ["allUsers"]
}
""",
        (
            "everyone_is_a_member: google_cloud_run_v2_service_iam_binding.everyone",
            "way_without_an_edge: another pod of the cluster -> pricing: gets in by Cloud Run's own name",
        ),
    ),
    "missing IAM": Mistake(
        "modules/cloud_run_service/iam_override.tf",
        """resource "google_cloud_run_v2_service_iam_binding" "invokers" {
  members = [for name, each in var.invokers : "serviceAccount:${each}" if "${name}-${var.name}" != "accounting-crm"]
}
""",
        ("edge_without_a_way: accounting -> crm: roles/run.invoker is not its",),
    ),
    "nobody is asked for a token, ingress from everywhere, no deletion protection": Mistake(
        "modules/cloud_run_service/service_override.tf",
        _service(
            '  ingress = var.name == "furniture" ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_ONLY"\n'
            '  invoker_iam_disabled = var.name == "payment"\n'
            '  deletion_protection = var.name != "checkout"\n'
        ),
        (
            'ingress_from_outside: module.service["furniture"].google_cloud_run_v2_service.this',
            "public_door: furniture: answers the Internet",
            "token_that_is_not_asked_for: payment: asks nobody for a token",
            "token_that_nobody_checked: payment: believes tokens that IAM has not checked",
            "way_without_an_edge: notification -> payment: gets in by Cloud Run's own name",
            'unprotected: module.service["checkout"].google_cloud_run_v2_service.this',
        ),
    ),
    "a public IP": Mistake(
        "gcp/seeded_address.tf",
        """resource "google_compute_address" "seeded" {
  name         = "seeded"
  address_type = "EXTERNAL"
}
""",
        ("public_address: google_compute_address.seeded",),
    ),
    "a public load balancer, in the clear": Mistake(
        "modules/internal_load_balancer/main_override.tf",
        """resource "google_compute_forwarding_rule" "this" {
  load_balancing_scheme = var.name == "crm" ? "EXTERNAL_MANAGED" : "INTERNAL_MANAGED"
}
resource "google_compute_region_ssl_policy" "this" {
  min_tls_version = "TLS_1_0"
}
""",
        (
            'public_address: module.internal_load_balancer["crm"].google_compute_forwarding_rule.this',
            "public_door: crm: answers the Internet",
            'in_the_clear: module.internal_load_balancer["furniture"].google_compute_region_target_https_proxy.this',
        ),
    ),
    "a transitive route": Mistake(
        "gcp/seeded_peering.tf",
        """resource "google_compute_network_peering" "seeded" {
  for_each             = { gke = "serverless", serverless = "gke" }
  name                 = "${each.key}-seeded"
  network              = module.network[each.key].id
  peer_network         = module.network[each.value].id
  export_custom_routes = true
  import_custom_routes = true
}
""",
        (
            "route_beyond_the_map: gke and serverless: are peered, and nobody calls",
            "route_beyond_the_map: serverless to gke: hands on routes that it learnt elsewhere",
        ),
    ),
    "a missing way": Mistake(
        "gcp/network_ways.tf",
        'if contains(["internal_load_balancer"], way.reached_by)',
        ("edge_without_a_way: gke-checkout -> furniture: gke has no route to furniture",),
        before='if contains(["internal_load_balancer", "peering"], way.reached_by)',
    ),
    "an open firewall": Mistake(
        "gcp/seeded_firewall.tf",
        """resource "google_compute_firewall" "seeded" {
  name               = "seeded"
  network            = module.network["serverless"].id
  direction          = "EGRESS"
  priority           = 900
  destination_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all"
  }
}
""",
        (
            "firewall_opened_to_everyone: google_compute_firewall.seeded",
            "arrival_without_an_edge: payment -> inventory: arrives at its Private Service Connect",
            "arrival_without_an_edge: a service without a row -> inventory: arrives at its Private Service Connect",
        ),
    ),
    "a network that refuses nothing": Mistake(
        "modules/network/main_override.tf",
        """resource "google_compute_firewall" "deny" {
  destination_ranges = each.key == "EGRESS" ? [var.name == "inventory" ? "192.168.0.0/16" : "0.0.0.0/0"] : null
}
""",
        ('network_without_refusal: module.network["inventory"].google_compute_network.this EGRESS',),
    ),
    "Private Service Connect reversed": Mistake(
        "gcp/seeded_endpoint.tf",
        """module "seeded_endpoint" {
  source          = "../modules/private_service_connect"
  project         = var.project
  region          = var.region
  name            = "seeded"
  forwarding_rule = module.internal_load_balancer["furniture"].forwarding_rule
  nat_subnetwork  = module.network["furniture"].subnets["egress"]
  consumers = { inventory = {
    network    = module.network["inventory"].id
    subnetwork = module.network["inventory"].subnets["egress"]
    address    = "10.41.16.9"
  } }
}
""",
        ("endpoint_without_a_caller: inventory: has an endpoint of furniture, which nobody there calls",),
    ),
    "an attachment that accepts anyone": Mistake(
        "modules/private_service_connect/main_override.tf",
        """resource "google_compute_service_attachment" "this" {
  connection_preference = "ACCEPT_AUTOMATIC"
}
""",
        ('attachment_accepts_anyone: module.private_service_connect["inventory"].google_compute_service_attachment',),
    ),
    "Azure is told of an endpoint, a secret in the state": Mistake(
        "modules/vpn/main_override.tf",
        """resource "google_compute_router" "this" {
  bgp {
    asn            = var.asn
    advertise_mode = "CUSTOM"
    advertised_ip_ranges {
      range = "10.32.0.0/16"
    }
  }
}
resource "google_compute_vpn_tunnel" "this" {
  shared_secret    = "seeded"
  shared_secret_wo = null
}
""",
        (
            "azure_is_told_too_much: 10.32.0.0/16: is told to Azure, and has a door of Google's side",
            "secret_in_the_state: module.vpn.google_compute_vpn_tunnel.this",
        ),
    ),
    "a way around a load balancer": Mistake(
        "gcp/seeded_name.tf",
        """resource "google_dns_record_set" "seeded" {
  managed_zone = "serverless-run-app"
  name         = "${local.run_hosts["crm"]}."
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.8"]
}
""",
        ("another_name_of_a_private_service: crm: crm-100000000003.europe-west1.run.app. is a way around its",),
    ),
    "a name that leads nowhere": Mistake(
        "modules/private_names/main_override.tf",
        """resource "google_dns_record_set" "services" {
  rrdatas = [startswith(each.key, "crm.") ? "10.40.0.99" : each.value]
}
""",
        ("name_that_leads_nowhere: accounting -> crm: crm.",),
    ),
}
AZURE = {
    "fraud's public door, in the clear": Mistake(
        "modules/azure_function_app/main_override.tf",
        """resource "azurerm_function_app_flex_consumption" "this" {
  public_network_access_enabled = true
  https_only                    = false
}
""",
        (
            "public_door: fraud: answers the Internet",
            "ingress_from_outside: module.fraud.azurerm_function_app_flex_consumption.this",
            "in_the_clear: module.fraud.azurerm_function_app_flex_consumption.this",
        ),
    ),
    "a security group that nobody asks": Mistake(
        "modules/azure_network/main_override.tf",
        """resource "azurerm_network_security_rule" "refused" {
  access                = "Allow"
  source_address_prefix = "*"
}
resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = setsubtract(local.guarded, ["functions"])
}
""",
        (
            'firewall_opened_to_everyone: module.network.azurerm_network_security_rule.refused["endpoints/Inbound"]',
            'network_without_refusal: module.network.azurerm_subnet.this["functions"]',
        ),
    ),
    "missing federation": Mistake(
        "modules/azure_entra/main_override.tf",
        """resource "azuread_application_federated_identity_credential" "google" {
  issuer = each.key == "order_management" ? "https://issuer.example" : "https://accounts.google.com"
}
""",
        ("edge_without_a_way: order_management -> fraud: Entra has no federated credential for it",),
    ),
    "a spare public address": Mistake(
        "azure/seeded_address.tf",
        """resource "azurerm_public_ip" "seeded" {
  name                = "seeded"
  location            = var.location
  resource_group_name = azurerm_resource_group.this.name
  allocation_method   = "Static"
}
""",
        ("public_address: azurerm_public_ip.seeded",),
    ),
}
