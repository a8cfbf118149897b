"""People sign in by the Identity-Aware Proxy where a row says so, and nowhere else."""

from collections.abc import Callable

import pytest

from shared.manifest import manifest
from shared.settings import read_settings
from tests.terraform.offline.terraform import Refused, Terraform
from tests.terraform.planned import Plan, resources

PAGES = {name for name, row in manifest().services.items() if row.signs_in}
OPERATORS = ["group:operators@online-boutique.example"]


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def test_the_proxy_stands_before_pages_for_people_and_nothing_else(prod: Plan) -> None:
    guarded = {each["name"] for each in resources(prod, "google_cloud_run_v2_service") if each["iap_enabled"]}

    assert sorted(PAGES) == ["backoffice"]
    assert guarded == {"backoffice", "backoffice-standby"}


def test_only_operators_pass_it(prod: Plan) -> None:
    bindings = resources(prod, "google_iap_web_cloud_run_service_iam_binding")

    assert {each["cloud_run_service_name"]: (each["location"], each["role"], each["members"]) for each in bindings} == {
        "backoffice": ("europe-west1", "roles/iap.httpsResourceAccessor", OPERATORS),
        "backoffice-standby": ("europe-west4", "roles/iap.httpsResourceAccessor", OPERATORS),
    }


def test_an_assertion_is_for_the_service_that_it_was_made_for(prod: Plan) -> None:
    told = {
        each["name"]: read_settings(
            {one["name"]: one["value"] for one in each["template"][0]["containers"][0]["env"]}
        ).iap_audience
        for each in resources(prod, "google_cloud_run_v2_service")
    }

    assert {name: audience for name, audience in told.items() if audience} == {
        "backoffice": "/projects/100000000003/locations/europe-west1/services/backoffice",
        "backoffice-standby": "/projects/100000000003/locations/europe-west4/services/backoffice-standby",
    }


def test_nothing_is_brought_to_it_that_the_proxy_would_turn_away(prod: Plan) -> None:
    jobs = {each["name"] for each in resources(prod, "google_cloud_scheduler_job")}

    assert [name for name in jobs if name.startswith("backoffice")] == []
    for name in PAGES:
        functions = manifest().services[name].functions.values()
        assert [each for each in functions if each.event or each.schedule] == []
        assert manifest().services[name].publishes == ()


@pytest.mark.parametrize("member", ["allUsers", "serviceAccount:a@b.iam.gserviceaccount.com", "domain:example.com"])
def test_who_is_no_person_is_no_operator(terraform: Callable[[str], Terraform], member: str) -> None:
    with pytest.raises(Refused, match="Operators are people"):
        terraform("gcp").plan("dev", image=f"x@sha256:{'5a' * 32}", operators=f'["{member}"]')


def test_the_proxy_s_keys_are_known_where_its_assertions_are_checked(prod: Plan) -> None:
    from urllib.parse import urlsplit

    from shared.http import authentication
    from shared.settings import Settings

    for url in (authentication._PROXYS_KEYS, Settings().keys):
        zone = urlsplit(url).hostname.partition(".")[2]  # type: ignore[union-attr]
        names = {each["name"] for each in resources(prod, "google_dns_record_set") if f".{zone}." in each["name"]}

        assert f"*.{zone}." in names
        assert f"serverless-{zone.replace('.', '-')}" in {
            each["name"] for each in resources(prod, "google_dns_managed_zone")
        }
