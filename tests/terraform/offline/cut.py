"""python -m tests.terraform.offline.cut: cut the providers' whole schemas to the types that terraform/ uses.

The whole ones are `build/terraform/<provider>.json.gz`; one that is missing is recovered from the wheels that
`SOURCES` names, fetched from the package index (see `recover`). What is written names the provider's version and its
wheels, one type per line, so that a difference can be read.
"""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.terraform.offline.schema import Block
from tests.terraform.offline.server import SCHEMAS
from tests.terraform.offline.terraform import ROOT, STACKS

WHOLE = ROOT / "build" / "terraform"
SOURCES = {
    "azuread": ("cdktn-provider-azuread==17.1.0", "pulumi-azuread==6.11.1"),
    "azurerm": ("cdktn-provider-azurerm==17.0.0", "pulumi-azure==6.40.1"),
    "google": ("cdktn-provider-google==20.3.1", "pulumi-gcp==10.2.0"),
    "random": ("cdktn-provider-random==15.0.1", "pulumi-random==4.21.4"),
    "tls": ("cdktn-provider-tls==14.1.1", "pulumi-tls==5.6.2"),
}
_DECLARED = re.compile(r'^\s*(resource|data|ephemeral)\s+"(\w+)"', re.MULTILINE)
_POSSIBLE = re.compile(r'Possible values: \[((?:"[^"]*",? ?)+)\]')


def used(folder: Path = STACKS) -> set[tuple[str, str]]:
    """Return ("resource", "data" or "ephemeral", type) of everything that the configuration declares."""
    return {found for path in folder.rglob("*.tf") for found in _DECLARED.findall(path.read_text("utf-8"))}


def cut(whole: Block, wanted: set[tuple[str, str]]) -> Block:
    """Return the schema of the wanted types alone; of the descriptions only the values that they list."""

    def kept(schemas: dict[str, Block], kind: str) -> dict[str, Block]:
        return {name: _lean(each) for name, each in sorted(schemas.items()) if (kind, name) in wanted}

    return {
        "name": whole["name"],
        "provider_version": whole["provider_version"],
        "source": whole["source"],
        "provider": _lean(whole["provider"]),
        "resource_schemas": kept(whole["resource_schemas"], "resource"),
        "data_source_schemas": kept(whole["data_source_schemas"], "data"),
        "ephemeral_resource_schemas": kept(whole["ephemeral_resource_schemas"], "ephemeral"),
    }


def _lean(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    said = node.get("description")
    listed = _POSSIBLE.search(said) if isinstance(said, str) else None
    lean = {key: _lean(each) for key, each in node.items() if not (key == "description" and isinstance(each, str))}
    return lean | ({"possible_values": re.findall(r'"([^"]*)"', listed[1])} if listed else {})


def written(schema: Block) -> str:
    """Write a schema as JSON with a line per type."""
    lines = []
    for key, each in schema.items():
        if key.endswith("_schemas"):
            types = ",\n".join(f"    {json.dumps(name)}: {_compact(of)}" for name, of in each.items())
            lines.append(f"  {json.dumps(key)}: {{\n{types}\n  }}" if types else f"  {json.dumps(key)}: {{}}")
        else:
            lines.append(f"  {json.dumps(key)}: {_compact(each)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(node: Any) -> str:
    return json.dumps(node, separators=(",", ":"), sort_keys=True)


def whole(provider: str) -> Block:
    """Return a provider's whole schema, from `build/terraform/` or the package index."""
    path = WHOLE / f"{provider}.json.gz"
    if not path.is_file():
        from tests.terraform.offline.recover import recovered

        wheels = WHOLE / "wheels"
        fetch = ["pip", "download", "--quiet", "--no-deps", f"--dest={wheels}", *SOURCES[provider]]
        subprocess.run([sys.executable, "-m", *fetch], check=True)
        schema = recovered(*(_wheel(wheels, each) for each in SOURCES[provider]))
        path.write_bytes(gzip.compress(json.dumps(schema).encode(), mtime=0))
    found: Block = json.loads(gzip.decompress(path.read_bytes()))
    return found


def _wheel(folder: Path, requirement: str) -> Path:
    name, _, version = requirement.partition("==")
    return next(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"))


def main() -> None:
    """Write every provider's cut schema; say what no provider knows."""
    wanted = used()
    SCHEMAS.mkdir(exist_ok=True)
    for provider in SOURCES:
        schema = cut(whole(provider), wanted)
        wanted -= {("resource", name) for name in schema["resource_schemas"]}
        wanted -= {("data", name) for name in schema["data_source_schemas"]}
        wanted -= {("ephemeral", name) for name in schema["ephemeral_resource_schemas"]}
        path = SCHEMAS / f"{provider}.json"
        path.write_text(written(schema), encoding="utf-8")
        print(
            provider, schema["provider_version"], len(schema["resource_schemas"]), "types", path.stat().st_size, "bytes"
        )
    if wanted - {("resource", "terraform_data"), ("data", "terraform_remote_state")}:
        sys.exit(f"no provider has {sorted(wanted)}")


if __name__ == "__main__":
    main()
