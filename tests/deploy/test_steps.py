"""Scan, Terraform, the smoke test and fraud's app: their commands word by word, and what their answers mean."""

import json
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from deploy import fraud, scan, seed, smoke, stack
from deploy.gcloud import Place
from deploy.running import Command
from shared.hosts.azure import OWN_ROUTES
from shared.hosts.smoke import smoke as ask_all
from shared.manifest import service_row
from tests.deploy.recorded import PLACE_WORDS, azure_function, split, vulnerability

ROOT = Path(__file__).parents[2]
PLACE = Place("online-boutique-dev", "europe-west1")
IMAGE = f"europe-docker.pkg.dev/online-boutique-dev/boutique/services@sha256:{'5a' * 32}"
APP = "online-boutique-dev-fraud"


def test_scans_in_the_registry_where_the_image_is() -> None:
    images = ["gcloud", "artifacts", "docker", "images"]
    project = "--project=online-boutique-dev"

    assert scan.scan(IMAGE, "online-boutique-dev") == [
        *(*images, "scan", IMAGE, "--remote", "--location=europe", project),
        *("--format=value(response.scan)", "--quiet"),
    ]
    assert scan.listing("projects/p/locations/europe/scans/s", "online-boutique-dev") == [
        *(*images, "list-vulnerabilities", "projects/p/locations/europe/scans/s", "--location=europe", project),
        *("--format=json", "--quiet"),
    ]


def test_refuses_what_is_critical_and_what_is_high_and_mended() -> None:
    found = [
        vulnerability("CRITICAL", "CVE-2026-1", mended=False),
        vulnerability("HIGH", "CVE-2026-2", mended=True),
        vulnerability("HIGH", "CVE-2026-3", mended=False),
        vulnerability("MEDIUM", "CVE-2026-4", mended=True),
    ]

    assert scan.refused(found) == ["CRITICAL CVE-2026-1 in openssl", "HIGH CVE-2026-2 in openssl, mended"]
    assert scan.refused(found[2:]) == []


def test_google_is_planned_with_the_digest_and_what_was_planned_is_applied() -> None:
    gcp = ["terraform", "-chdir=terraform/gcp"]

    assert stack.commands("plan", "gcp", "prod", IMAGE) == [
        [*gcp, "init", "-input=false", "-reconfigure", "-backend-config=environments/prod.gcs.tfbackend"],
        [
            *(*gcp, "plan", "-input=false", "-var-file=environments/prod.tfvars", f"-var=image={IMAGE}"),
            "-out=prod.tfplan",
        ],
    ]
    assert stack.commands("apply", "gcp", "prod", None) == [[*gcp, "apply", "-input=false", "prod.tfplan"]]


def test_azures_stack_has_no_image() -> None:
    azure = ["terraform", "-chdir=terraform/azure"]

    assert stack.commands("plan", "azure", "dev", None) == [
        [*azure, "init", "-input=false", "-reconfigure", "-backend-config=environments/dev.azurerm.tfbackend"],
        [*azure, "plan", "-input=false", "-var-file=environments/dev.tfvars", "-out=dev.tfplan"],
    ]


def test_a_stack_is_planned_with_what_the_other_has_left_for_it() -> None:
    _, azure = stack.commands("plan", "azure", "dev", None, handed=True)
    _, google = stack.commands("plan", "gcp", "dev", IMAGE, handed=True)
    both = ["-var-file=environments/dev.tfvars", "-var-file=environments/dev.given.tfvars.json"]

    assert [word for word in azure if word.startswith("-var")] == both
    assert [word for word in google if word.startswith("-var")] == [*both, f"-var=image={IMAGE}"]


@pytest.mark.parametrize("name", ["gcp", "azure"])
def test_the_files_that_terraform_is_given_exist(name: str) -> None:
    for environment in ("dev", "staging", "prod"):
        _, plan = commands = stack.commands("plan", name, environment, IMAGE)
        given = [word.partition("=")[2] for words in commands for word in words if "environments/" in word]

        assert len(given) == 2
        assert [each for each in given if not (ROOT / "terraform" / name / each).is_file()] == []
        assert "-out" in plan[-1]


def test_the_smoke_test_is_a_job_of_the_new_image_in_the_operators_subnet() -> None:
    assert smoke.job(IMAGE, {"crm": "https://crm.example.com", "checkout": "https://checkout.run.app"}, PLACE) == [
        *("gcloud", "run", "jobs", "deploy", "smoke", f"--image={IMAGE}"),
        "--service-account=boutique-operator@online-boutique-dev.iam.gserviceaccount.com",
        *("--network=serverless", "--subnet=serverless-operators", "--network-tags=operator"),
        *("--vpc-egress=all-traffic", "--max-retries=0", "--task-timeout=300s"),
        *("--command=python", "--args=-m,shared.hosts.smoke,--rounds,60"),
        "--set-env-vars=BOUTIQUE_ADDRESS_CHECKOUT=https://checkout.run.app,BOUTIQUE_ADDRESS_CRM=https://crm.example.com,"
        "BOUTIQUE_PLATFORM=cloud,BOUTIQUE_PROJECT=online-boutique-dev",
        *("--execute-now", "--wait", *PLACE_WORDS),
    ]


def test_a_service_is_seeded_by_a_job_of_its_own_account() -> None:
    assert seed.seeded(ROOT / "functions") == ["crm", "furniture", "inventory"]
    assert seed.job("crm", IMAGE, PLACE) == [
        *("gcloud", "run", "jobs", "deploy", "seed-crm", f"--image={IMAGE}"),
        "--service-account=boutique-crm@online-boutique-dev.iam.gserviceaccount.com",
        *("--max-retries=0", "--task-timeout=300s", "--command=python", "--args=-m,shared.hosts.seed,crm"),
        "--set-env-vars=BOUTIQUE_PLATFORM=cloud,BOUTIQUE_PROJECT=online-boutique-dev,"
        "BOUTIQUE_ACCOUNT_PREFIX=boutique-,BOUTIQUE_DATABASE_PREFIX=boutique-",
        *("--execute-now", "--wait", *PLACE_WORDS),
    ]


@pytest.mark.parametrize("fails", [False, True])
def test_the_smoke_test_asks_where_callers_ask(fails: bool) -> None:
    jobs: list[Command] = []

    def answer(command: Command) -> str:
        if "describe" in command:
            return json.dumps(split(command[4]))
        jobs.append(command)
        if fails:
            raise CalledProcessError(1, command)
        return ""

    assert smoke.smoke(IMAGE, PLACE, answer) is not fails
    (variables,) = [word for word in jobs[0] if word.startswith("--set-env-vars=")]
    assert "BOUTIQUE_ADDRESS_ORDER_MANAGEMENT=https://order-management.dev.boutique.example.com" in variables
    assert "FRAUD" not in variables
    assert "BACKOFFICE" not in variables


@pytest.mark.parametrize(("word", "good"), [('{"passed": true}', True), ('{"passed": false}', False), (None, False)])
def test_a_smoke_test_that_left_no_word_has_failed(tmp_path: Path, word: str | None, good: bool) -> None:
    if word:
        (tmp_path / "smoke.json").write_text(word)

    assert smoke.passed(tmp_path / "smoke.json") is good


def test_every_service_is_asked_in_every_round_and_checkout_for_a_quote() -> None:
    asked: list[tuple[str, str]] = []

    def ask(address: str, path: str, body: bytes | None) -> int:
        asked.append((address, path))
        return 503 if address == "https://crm" and len(asked) > 3 else 200

    wrong = ask_all({"crm": "https://crm", "checkout": "https://checkout"}, ask, rounds=2)

    assert asked == 2 * [("https://crm", "/health"), ("https://checkout", "/health"), ("https://checkout", "/quotes")]
    assert wrong == ["GET crm/health: 503, 1 of 2 times"]


def test_all_functions_of_fraud_are_looked_for() -> None:
    names = [*service_row("fraud").functions, *OWN_ROUTES]
    listed = [azure_function(APP, name) for name in names]

    assert fraud.listing("boutique-dev", APP) == [
        *("az", "functionapp", "function", "list", "--resource-group=boutique-dev", f"--name={APP}", "--output=json")
    ]
    assert fraud.missing(listed) == []
    assert fraud.missing(listed[1:]) == ["score_order"]


def test_fraud_answers_who_asks_for_its_health_and_refuses_who_asks_for_more() -> None:
    listed = [azure_function(APP, name) for name in [*service_row("fraud").functions, *OWN_ROUTES]]
    answers = {"/api/health": 200, "/api/control-totals": 401}

    def get(url: str) -> int:
        return answers[url.removeprefix(f"https://{APP}.azurewebsites.net")]

    assert fraud.wrong(listed, APP, get) == []
    answers["/api/control-totals"] = 200
    assert fraud.wrong(listed, APP, get) == ["GET /api/control-totals without a token: 200, not 401"]
    assert fraud.wrong([], APP, get)[0] == "backtest_rules is not listed"
