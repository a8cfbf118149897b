terraform {
  required_version = "~> 1.11"

  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.10"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.81"
    }
  }

  # `terraform init -backend-config=environments/<environment>.azurerm.tfbackend` says which container. Who reads the
  # state is decided by Entra roles on it; the account has no keys.
  backend "azurerm" {
    use_azuread_auth = true
  }
}

provider "azurerm" {
  subscription_id                 = var.subscription_id
  tenant_id                       = var.tenant_id
  storage_use_azuread             = true
  resource_provider_registrations = "core"
  resource_providers_to_register  = ["Microsoft.App", "Microsoft.Insights", "Microsoft.KeyVault", "Microsoft.OperationalInsights", "Microsoft.Web"]

  features {
    # Azure adds a rule of its own to whatever watches an app, outside of any state: it would keep the group from going.
    application_insights {
      disable_generated_rule = true
    }

    key_vault {
      purge_soft_delete_on_destroy = false
    }

    resource_group {
      prevent_deletion_if_contains_resources = true
    }

    # Accounts have no public door: whoever applies reaches them by Azure's management alone, and must not wait for more.
    storage {
      data_plane_available = false
    }
  }
}

provider "azuread" {
  tenant_id = var.tenant_id
}
