"""A provider's whole schema, as `terraform providers schema -json` has it, out of wheels of the package index.

cdktn's wheel holds the generated TypeScript in the source maps of its JavaScript. What was lost on the way, sensitive
attributes and blocks that are also computed, is in Pulumi's wheel of the same provider (top level alone).
"""

import base64
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.terraform.offline.bindings import Block, Declared

_MAP = b"sourceMappingURL=data:application/json;base64,"
_SECTIONS = {
    "Resource": "resource_schemas",
    "DataSource": "data_source_schemas",
    "EphemeralResource": "ephemeral_resource_schemas",
}


def recovered(bindings: Path, pulumi: Path) -> Block:
    """Return the schema of every type that the wheels hold."""
    found: Block = {section: {} for section in _SECTIONS.values()}
    for typescript in _typescript(bindings):
        declared = Declared(typescript)
        if declared.kind == "Provider":
            own = declared.schema()
            own["block"]["attributes"].pop("alias", None)
            found |= {"provider": own, "provider_version": declared.version, "name": declared.type}
        elif declared.kind:
            found[_SECTIONS[declared.kind]][declared.type] = declared.schema()
    _enrich(found, pulumi)
    return found | {"source": [bindings.name, pulumi.name]}


def _typescript(wheel: Path) -> Iterator[str]:
    """Yield each folder's TypeScript, whole."""
    folders: dict[str, list[bytes]] = {}
    with zipfile.ZipFile(wheel) as archive:
        package = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(package)), mode="r|gz") as files:
            for file in files:
                place = re.match(r"package/lib/([^/]+)/.*\.js$", file.name)
                content = files.extractfile(file) if place else None
                if place and content:
                    folders.setdefault(place[1], []).append(content.read())
    for scripts in folders.values():
        text = []
        for script in scripts:
            _, marked, encoded = script.rpartition(_MAP)
            if marked:
                text += json.loads(base64.b64decode(encoded.split(None, 1)[0]))["sourcesContent"]
        yield "\n".join(text)


def _enrich(schema: Block, wheel: Path) -> None:
    resources: Block = schema["resource_schemas"]
    prefix = f"{schema['name']}_"
    known = {_squashed(name): each for each in resources for name in (each, each.removeprefix(prefix))}
    for source in _classes(wheel):
        token = re.match(r'\("\w+:(\w+)/(\w+):', source)
        name = token and (known.get(_squashed(token[1] + token[2])) or known.get(_squashed(token[2])))
        if name:
            _note_secrets(resources[name]["block"], source)
            _note_computed_blocks(resources[name]["block"], source)


def _classes(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                yield from re.split(r"(?m)^@pulumi.type_token", archive.read(name).decode())[1:]


def _note_secrets(block: Block, source: str) -> None:
    secrets = re.search(r"additional_secret_outputs=\[([^\]]*)\]", source)
    for camel in re.findall(r'"(\w+)"', secrets[1]) if secrets else ():
        name = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", camel).lower()
        if name in block["attributes"] and not camel.startswith("effective"):
            block["attributes"][name]["sensitive"] = True


def _note_computed_blocks(block: Block, source: str) -> None:
    """An output that is never None is there also where nothing was said: its block is computed."""
    outputs = dict(re.findall(r"def (\w+)\(self\) -> pulumi\.Output\[(['\w]+)", source))
    for name, nested in block.get("block_types", {}).items():
        plurals = (name, f"{name}s", f"{name}es", re.sub("y$", "ies", name))
        of = next((outputs[each] for each in plurals if each in outputs), "Optional")
        if of != "Optional" and not nested.get("min_items"):
            nested["computed"] = True


def _squashed(name: str) -> str:
    return name.replace("_", "").lower()
