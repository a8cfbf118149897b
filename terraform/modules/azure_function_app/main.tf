# A Flex Consumption app without a public door, opened by Entra tokens of named clients, acting as one identity.

resource "azurerm_service_plan" "this" {
  #checkov:skip=CKV_AZURE_225:A Flex Consumption plan has no instances of its own to spread; the app's always-ready ones are in the row's scale.
  #checkov:skip=CKV_AZURE_212:The same: instances are the app's, not the plan's.
  name                = "${var.name}-plan"
  resource_group_name = var.place.resource_group
  location            = var.place.location
  os_type             = "Linux"
  sku_name            = "FC1"
  tags                = var.place.tags
}

resource "azurerm_function_app_flex_consumption" "this" {
  name                = var.name
  resource_group_name = var.place.resource_group
  location            = var.place.location
  service_plan_id     = azurerm_service_plan.this.id
  tags                = var.place.tags

  runtime_name           = "python"
  runtime_version        = var.python
  instance_memory_in_mb  = tonumber(trimsuffix(var.scale.memory, "Mi"))
  http_concurrency       = var.scale.concurrency
  maximum_instance_count = var.scale.max

  storage_container_type            = "blobContainer"
  storage_container_endpoint        = "${var.host_storage.blobs}/${var.host_storage.container}"
  storage_authentication_type       = "UserAssignedIdentity"
  storage_user_assigned_identity_id = var.identity.id

  virtual_network_subnet_id                      = var.subnet_id
  public_network_access_enabled                  = false
  https_only                                     = true
  client_certificate_enabled                     = false
  webdeploy_publish_basic_authentication_enabled = false

  dynamic "always_ready" {
    for_each = var.scale.min > 0 ? { http = var.scale.min } : {}

    content {
      name           = always_ready.key
      instance_count = always_ready.value
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }

  # Left out, AzureWebJobsStorage is set by the provider to a connection string with an empty key, which the host takes
  # before the identity; empty, it is passed over (hashicorp/terraform-provider-azurerm#29693).
  app_settings = merge(var.settings, {
    AzureWebJobsStorage                       = ""
    AzureWebJobsStorage__accountName          = var.host_storage.account
    AzureWebJobsStorage__credential           = "managedidentity"
    AzureWebJobsStorage__clientId             = var.identity.client_id
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${var.identity.client_id}"
  })

  site_config {
    application_insights_connection_string = var.insights_connection_string
    minimum_tls_version                    = "1.2"
    scm_minimum_tls_version                = "1.2"
    http2_enabled                          = true
    vnet_route_all_enabled                 = true
    ip_restriction_default_action          = "Allow"
    scm_ip_restriction_default_action      = "Allow"
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "Return401"
    default_provider       = "azureactivedirectory"
    excluded_paths         = var.sign_in.open_paths

    active_directory_v2 {
      client_id                       = var.sign_in.client_id
      tenant_auth_endpoint            = "https://login.microsoftonline.com/${var.sign_in.tenant_id}/v2.0"
      allowed_audiences               = var.sign_in.audiences
      allowed_applications            = var.sign_in.clients
      jwt_allowed_client_applications = var.sign_in.clients
      www_authentication_disabled     = true
    }

    login {
      token_store_enabled = false
    }
  }
}
