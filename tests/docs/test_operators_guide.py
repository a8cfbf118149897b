"""What the operator's guide names is there: targets, files, variables, outputs, secrets, resources, substitutions."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from functions.checkout.basket import PlaceOrder
from shared.manifest import manifest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text("utf-8")
COMMANDS = "\n".join(re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL))
INLINE = re.findall(r"(?<!`)`([^`]+)`(?!`)", re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
OTHERS = {"gcloud", "az", "dev", "staging", "prod", "confirmed", "held", "budget", "tok_visa", "boutique"} | {
    "Dockerfile",
    "fmt",
    "init",
    "validate",
    *("firestore", "secretmanager", "from"),
}
"""Programs and their commands, environments, answers, a token of the sandbox, the dataset, agents, a budget's key."""
WRITTEN = {"build/image", "environments/dev.given.tfvars.json", "terraform/azure/dev.tfplan"}
"""Files that come of its commands."""


def declared(kind: str, stack: str) -> set[str]:
    texts = [path.read_text("utf-8") for path in (ROOT / "terraform" / stack).glob("*.tf")]
    return {name for text in texts for name in re.findall(rf'^{kind} "(\w+)"', text, re.MULTILINE)}


VARIABLES = {stack: declared("variable", stack) for stack in ("gcp", "azure")}
OUTPUTS = {stack: declared("output", stack) for stack in ("gcp", "azure")}
SECRETS = set(
    re.findall(r"^    ([a-z-]+)\s+= \{ service", (ROOT / "terraform/gcp/secrets.tf").read_text("utf-8"), re.M)
)
PIPELINES = {
    *yaml.safe_load((ROOT / "azure-pipelines.yml").read_text("utf-8"))["variables"],
    *yaml.safe_load((ROOT / "cloudbuild.yaml").read_text("utf-8"))["substitutions"],
}


def test_its_commands_are_bash() -> None:
    done = subprocess.run(["bash", "-n"], input=COMMANDS, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_every_target_exists() -> None:
    made = re.findall(r"(?:^ *|&& )make ([a-z -]+)", COMMANDS, re.M) + [
        each.removeprefix("make ") for each in INLINE if each.startswith("make ")
    ]
    named = {word for words in made for word in words.split() if re.fullmatch(r"[a-z-]+", word)}

    assert named >= {
        "image",
        "push",
        "scan",
        "plan",
        "apply",
        "handover",
        "seed",
        "smoke",
        "fraud-zip",
        "fraud-verify",
        "rollback",
    }
    assert named - TARGETS == set()


def test_what_targets_read_is_exported_or_said() -> None:
    exported = set(re.findall(r"(\w+)=", "\n".join(re.findall(r"^export (.*)$", COMMANDS, re.M))))
    for target in ("image", "push", "scan", "canary", "smoke", "seed", "promote", "rollback", "fraud-verify", "plan"):
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.M)
        assert recipe
        assert set(re.findall(r"\$\((\w+)\)", recipe[1])) - {"BIN", "STACK", "STANDBY"} <= exported, target


@pytest.mark.parametrize("path", sorted({each for each in INLINE if re.fullmatch(r"[\w./-]*(/|\.\w+)", each)}))
def test_every_file_exists(path: str) -> None:
    inside = [path, f"docs/{path}", f"terraform/gcp/{path}", f"terraform/azure/{path}"]

    assert [each for each in inside if (ROOT / each).exists()] or path in WRITTEN | {".azurewebsites.net"}


def test_every_variable_of_the_shell_has_a_value_before() -> None:
    given = set(re.findall(r"(?:^|[ ;])([A-Z_]+)=", COMMANDS, re.M)) | {"agent"}
    told = {name: COMMANDS.find(f"{name}=") for name in given}
    used = [(match[1], match.start()) for match in re.finditer(r"\$\{?([A-Za-z_]+)", COMMANDS)]

    assert [name for name, place in used if name not in given or told[name] > place] == []


def test_agents_work_in_a_subnet_of_azures_network() -> None:
    assert (
        {*re.findall(r"subnet show .* --name (\w+)", COMMANDS)}
        == {"agents"}
        <= set(manifest().networks.networks["azure"].subnets)
    )
    assert 'name  = "${local.name}-network"' in (ROOT / "terraform/azure/network.tf").read_text("utf-8")


def test_its_first_order_is_one_that_checkout_takes() -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'", COMMANDS, re.DOTALL)
    order = PlaceOrder.model_validate_json(body)

    assert [item.sku for item in order.items] == ["OLJCESPC7Z"]
    assert '"$SHOP/orders" -H' in COMMANDS


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE)

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_name_is_known() -> None:
    words = {each for each in INLINE if re.fullmatch(r"_?[A-Za-z][A-Za-z0-9_-]*", each)}
    known = set.union(*VARIABLES.values(), *OUTPUTS.values()) | SECRETS | TARGETS | PIPELINES | set(manifest().services)

    assert {word for word in words if word not in known | OTHERS and not word.isdigit()} == set()


def test_what_goes_from_one_stack_into_the_other_is_an_output_and_a_variable() -> None:
    assert {"gcp_vpn", "account_ids", "dns", "images", "addresses", "dns_authorizations"} <= OUTPUTS["gcp"]
    assert {"azure_vpn", "azure_entra", "fraud_host", "fraud_app"} <= OUTPUTS["azure"]
    assert {"gcp_vpn", "google_accounts", "gcp_dns", "subscription_id", "app", "unique"} <= VARIABLES["azure"]
    assert {"azure_vpn", "azure_entra", "fraud_host", "project_number", "secret_versions"} <= VARIABLES["gcp"]
    assert set(re.findall(r"TF_VAR_(\w+)", COMMANDS)) <= VARIABLES["azure"]
    assert set(re.findall(r"-var=(\w+)=", COMMANDS)) <= VARIABLES["gcp"]
    assert set(re.findall(r"terraform/\w+ output (?:-raw )?(\w+)", COMMANDS)) <= OUTPUTS["gcp"] | OUTPUTS["azure"]


def test_resources_substitutions_and_the_operators_subnet_are_there() -> None:
    targets = re.findall(r"-target=(\w+)\.(\w+)", COMMANDS)
    written = "".join(path.read_text("utf-8") for path in (ROOT / "terraform" / "gcp").glob("*.tf"))
    [subnet] = re.findall(r"subnet=(\w+)-(\w+)", COMMANDS)

    assert targets
    for kind, name in targets:
        assert (f'module "{name}"' if kind == "module" else f'resource "{kind}" "{name}"') in written
    assert subnet[1] in manifest().networks.networks[subnet[0]].subnets
    assert set(re.findall(r"\b(_[A-Z]+)=", GUIDE)) <= PIPELINES


def test_buckets_are_those_of_the_environments() -> None:
    backend = (ROOT / "terraform/gcp/environments/dev.gcs.tfbackend").read_text("utf-8")
    other = (ROOT / "terraform/azure/environments/dev.azurerm.tfbackend").read_text("utf-8")

    assert re.findall(r'bucket = "(.*)"', backend)[0] in GUIDE
    for name in re.findall(r'(?:resource_group|storage_account|container)_name\s*= "(.*)"', other):
        assert f" {name}" in COMMANDS


def test_it_says_what_has_not_been_tried() -> None:
    assert "## What has not been run on the clouds" in GUIDE
    assert "**Nothing of this has been run on the clouds yet**" in GUIDE
