variable "place" {
  description = "Where resources go and how they are tagged: resource group, region (westeurope), tags."
  type = object({
    resource_group = string
    location       = string
    tags           = map(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]*$", var.place.location)) && length(var.place.resource_group) > 0
    error_message = "location is a region as Azure writes it (westeurope); resource_group is not empty."
  }
}

variable "name" {
  description = "The gateway's name; its addresses and connections are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name is 3 to 42 small letters, digits and hyphens."
  }
}

variable "sku" {
  description = "The gateway's size. Those that end in AZ lie in several zones, and only they can be made."
  type        = string
  default     = "VpnGw1AZ"

  validation {
    condition     = can(regex("^VpnGw[1-5]AZ$", var.sku))
    error_message = "sku is VpnGw1AZ to VpnGw5AZ: Basic knows no BGP, and sizes without zones are closed."
  }
}

variable "subnet_id" {
  description = "The VNet's GatewaySubnet."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.subnet_id) > 0
    error_message = "subnet_id is the id of a subnet named GatewaySubnet."
  }
}

variable "asn" {
  description = "The autonomous system that this gateway speaks for."
  type        = number
  default     = 65515

  validation {
    condition     = var.asn == 65515 || (var.asn >= 64512 && var.asn <= 65514)
    error_message = "asn is Azure's 65515 or a private number below it."
  }
}

variable "instances" {
  description = "The gateway's two instances, \"0\" and \"1\", with the address that each tunnel has on them, by the other gateway's interface: { \"0\" = { \"0\" = \"169.254.21.2\", … } }. Azure takes 169.254.21.0 to 169.254.22.255."
  type        = map(map(string))
  nullable    = false

  validation {
    condition     = toset(keys(var.instances)) == toset(["0", "1"]) && alltrue([for each in values(var.instances) : toset(keys(each)) == toset(["0", "1"])])
    error_message = "Two instances, each with an address for either tunnel."
  }

  validation {
    condition     = alltrue(flatten([for each in values(var.instances) : [for address in values(each) : can(regex("^169\\.254\\.2[12]\\.[0-9]{1,3}$", address))]]))
    error_message = "Addresses lie within 169.254.21.0 to 169.254.22.255."
  }

  validation {
    condition     = length(toset(flatten([for each in values(var.instances) : values(each)]))) == 4
    error_message = "No address is given twice."
  }
}

variable "peers" {
  description = "The other gateway's interfaces, \"0\" and \"1\": its public address, and what it is called within the tunnel. Empty until that gateway stands."
  type = map(object({
    address     = string
    bgp_address = string
    asn         = number
  }))
  nullable = false

  validation {
    condition     = length(var.peers) == 0 || toset(keys(var.peers)) == toset(["0", "1"])
    error_message = "Both interfaces or none: one tunnel alone is not highly available."
  }

  validation {
    condition     = alltrue([for peer in values(var.peers) : can(cidrhost("${peer.address}/32", 0)) && !can(regex("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|169\\.254\\.|127\\.)", peer.address))])
    error_message = "address is a public IPv4 address."
  }

  validation {
    condition     = alltrue([for peer in values(var.peers) : can(regex("^169\\.254\\.[0-9]{1,3}\\.[0-9]{1,3}$", peer.bgp_address))])
    error_message = "bgp_address is link-local."
  }

  validation {
    condition     = alltrue([for peer in values(var.peers) : peer.asn >= 64512 && peer.asn <= 65534 && peer.asn != var.asn])
    error_message = "asn is a private number other than this gateway's."
  }

  validation {
    condition     = alltrue([for interface, peer in var.peers : try(cidrhost("${peer.bgp_address}/30", 0) == cidrhost("${var.instances[interface][interface]}/30", 0) && peer.bgp_address != var.instances[interface][interface], false)])
    error_message = "Interface n and instance n meet in one /30, each with an address of its own."
  }
}

variable "shared_key" {
  description = "The tunnels' pre-shared key; null: an operator sets it at the connections. The provider has no write-only form of it and reads it back: it is in the state, marked sensitive."
  type        = string
  sensitive   = true
  default     = null

  validation {
    condition     = var.shared_key == null || can(regex("^[A-Za-z0-9+/=_-]{32,128}$", var.shared_key))
    error_message = "shared_key is 32 to 128 letters, digits and +/=_-."
  }
}
