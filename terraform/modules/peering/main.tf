# Two networks exchange the routes of their own subnets. Peering is not transitive, and neither side passes on what it
# learnt by VPN: a third network behind one of them stays out of the other's reach.

resource "google_compute_network_peering" "this" {
  for_each = { "${var.one.name}-to-${var.other.name}" = [var.one, var.other], "${var.other.name}-to-${var.one.name}" = [var.other, var.one] }

  name                                = each.key
  network                             = each.value[0].id
  peer_network                        = each.value[1].id
  export_custom_routes                = false
  import_custom_routes                = false
  export_subnet_routes_with_public_ip = false
  import_subnet_routes_with_public_ip = false
}
