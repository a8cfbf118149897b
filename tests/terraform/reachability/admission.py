"""Whom a service lets in, whatever way the call came: IAM on Google's side, Entra on Azure's."""

from tests.terraform.reachability.google import Caller
from tests.terraform.reachability.resources import Resource, Resources

INVOKER = "roles/run.invoker"
EVERYONE = ("allUsers", "allAuthenticatedUsers")
_GRANTS = (
    "google_cloud_run_v2_service_iam_binding",
    "google_cloud_run_v2_service_iam_member",
    "google_project_iam_binding",
    "google_project_iam_member",
)


def invokers(plan: Resources, service: Resource) -> set[str]:
    """Return the members that may invoke a Cloud Run service, as IAM names them; "allUsers" where nobody is asked."""
    if service.get("invoker_iam_disabled"):
        return {"allUsers"}
    found: set[str] = set()
    for each in plan.of(*_GRANTS):
        if each["role"] == INVOKER and (each.type.startswith("google_project") or each["name"] == service.name):
            found |= set(each.get("members") or [each.get("member")])
    return found


def admits(plan: Resources, service: Resource, caller: Caller, unique_id: str | None) -> str | None:
    """Return why a caller is refused, None if it is let in. `unique_id` is what Entra knows its Google account by."""
    if service.type == "azurerm_function_app_flex_consumption":
        return _entra(plan, service, unique_id)
    members = invokers(plan, service)
    if members & set(EVERYONE):
        return None
    if caller.account is None:
        return "it has no account that IAM knows"
    return None if caller.account in members else f"{INVOKER} is not its"


def _entra(plan: Resources, app: Resource, unique_id: str | None) -> str | None:
    sign_in = app.one("auth_settings_v2")
    if not (sign_in.get("auth_enabled") and sign_in.get("require_authentication")):
        return None
    if unique_id is None:
        return "Entra has no federated credential for it"
    directory = (sign_in.get("active_directory_v2") or [{}])[0]
    for each in plan.of("azuread_application_federated_identity_credential"):
        if each["subject"] == unique_id and each["issuer"] == "https://accounts.google.com":
            application = plan.found("azuread_application", each["application_id"])
            listed = directory.get("allowed_applications") or []
            return None if application["client_id"] in listed else "its Entra application is not on the app's list"
    return "Entra has no federated credential for it"
