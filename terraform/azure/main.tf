# Online Boutique's fraud service on Azure, from the rows of triggers/.

module "manifest" {
  source = "../modules/manifest"
}

locals {
  name    = "boutique-${var.environment}"
  lasting = var.environment == "prod"
  fraud   = module.manifest.services["fraud"]
  network = module.manifest.networks["azure"]
  callers = toset(local.fraud.callers)

  place = {
    resource_group = azurerm_resource_group.this.name
    location       = var.location
    tags           = { application = "online-boutique", environment = var.environment }
  }
}

resource "azurerm_resource_group" "this" {
  name     = local.name
  location = var.location
  tags     = { application = "online-boutique", environment = var.environment }

  lifecycle {
    precondition {
      condition     = [for name, row in module.manifest.services : name if row.runs_on == "azure_functions"] == ["fraud"]
      error_message = "This stack builds fraud alone; another row says runs_on: azure_functions."
    }
  }
}

# Deletion protection: what lasts is deleted only after somebody has taken the lock away.
resource "azurerm_management_lock" "this" {
  for_each = local.lasting ? { group = azurerm_resource_group.this.id } : {}

  name       = "keep"
  scope      = each.value
  lock_level = "CanNotDelete"
  notes      = "Production: take this lock away first, on purpose."
}

# As whom fraud acts: it reads its package, writes its history and its telemetry, and has no other right.
resource "azurerm_user_assigned_identity" "fraud" {
  name                = "${local.name}-fraud"
  resource_group_name = local.place.resource_group
  location            = var.location
  tags                = local.place.tags
}
