"""Vendure as a server: installed once from the npm registry, outside the repository, and started on a SQLite file."""

import csv
import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import orders
from bench.estate import free_port

FILES = Path(__file__).parent / "vendure_server"
CACHE = Path.home() / ".cache" / "boutique-peers"
VERSION = json.loads((FILES / "package.json").read_text("utf-8"))["dependencies"]["@vendure/core"]
NAME = f"Vendure {VERSION}, SQLite"
_CATALOGUE = Path(__file__).parents[2] / "shared" / "seed" / "catalogue.json"
_COLUMNS = (
    *("name", "slug", "description", "assets", "facets", "optionGroups", "optionValues", "sku", "price"),
    *("taxCategory", "stockOnHand", "trackInventory", "variantAssets", "variantFacets"),
)


class Absent(Exception):
    """Vendure can't run here; says why."""


def installed(tell: Callable[[str], None]) -> Path:
    """Return the folder with everything in it; it is named by what is wanted, so that a change is installed anew."""
    npm = shutil.which("npm")
    if not (npm and shutil.which("node")):
        raise Absent("node and npm are not on the path")
    wanted = (FILES / "package.json").read_bytes()
    folder = CACHE / f"vendure-{hashlib.sha256(wanted).hexdigest()[:12]}"
    if not (folder / "installed").exists():
        tell(f"{NAME}: installing into {folder.name} of the cache, once")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_bytes(wanted)
        try:
            done = subprocess.run(
                [npm, "install", "--no-audit", "--no-fund", "--omit=dev"],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Absent("npm install took more than 15 minutes") from None
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
            raise Absent(f"npm install failed: {' '.join(said)[:300]}")
        (folder / "installed").touch()
    shutil.copy(FILES / "server.js", folder / "server.js")
    return folder


@contextmanager
def server(folder: Path, data: Path) -> Iterator[tuple["subprocess.Popen[str]", int, float]]:
    products = data / "products.csv"
    _write_products(products)
    port = free_port()
    began = time.perf_counter()
    with (data / "server.log").open("w+") as log:
        process = subprocess.Popen(
            ["node", str(folder / "server.js"), str(port), str(data / "vendure.sqlite"), str(products)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout
        try:
            while line := process.stdout.readline():
                if line.strip() == "ready":
                    break
            else:
                log.seek(0)
                raise Absent(f"it did not start: {log.read()[:300]}")
            yield process, port, time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(15)
            process.stdout.close()


def _write_products(path: Path) -> None:
    """Write our own standard products as Vendure's importer reads them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, _COLUMNS, restval="")
        rows.writeheader()
        for product in json.loads(_CATALOGUE.read_text("utf-8"))["products"]:
            if product["sku"] in orders.SKUS:
                own = {"name": product["name"], "slug": product["sku"].lower(), "description": product["name"]}
                stock = {"taxCategory": "standard", "stockOnHand": "1000000", "trackInventory": "true"}
                rows.writerow({**own, **stock, "sku": product["sku"], "price": "19.99"})
