"""The zip that Azure Functions deploys: the same bytes whenever it is made of the same sources and the same pins.

python -m shared.hosts.azure_package fraud                  makes build/fraud.zip for Python 3.12 on Linux
python -m shared.hosts.azure_package fraud --lock           writes functions/fraud/requirements.lock anew

At its root lie function_app.py, host.json and requirements.txt as the host looks for them, beside them the modules that
the service's rows import and their data, and in `.python_packages/` what these need, prebuilt.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from shared.hosts.azure_modules import modules
from shared.manifest import FOLDER as ROWS

ROOT = Path(__file__).parents[2]
PYTHON = "3.12"
"""What Flex Consumption runs."""
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_28_x86_64")
"""Wheels that the C library of its image (2.36) takes."""
DEPENDENCIES = ".python_packages/lib/site-packages"
_CLUTTER = ("__pycache__", "tests", "bin", "locales")
"""Folders of installed packages that nothing of ours reads; `locales` are pycountry's translations."""
_CLUTTER_FILES = (".pyc", ".pyi", "/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def make_package(service: str, target: Path, python: str = PYTHON) -> Path:
    """Write the zip of a service; CalledProcessError when its dependencies can't be had."""
    content = dict(_own(service))
    with tempfile.TemporaryDirectory() as folder:
        install(service, Path(folder), python)
        content |= {f"{DEPENDENCIES}/{name}": path for name, path in _installed(Path(folder))}
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
            for name in sorted(content):
                _add(package, name, content[name].read_bytes())
    return target


def install(service: str, folder: Path, python: str = PYTHON) -> None:
    """Install what a service needs into a folder: by the lock's hashes, or by the pins for another Python."""
    common = ["--quiet", "--disable-pip-version-check", "--no-compile", "--target", str(folder), *_built_for(python)]
    own = ROOT / "functions" / service
    if python == PYTHON:
        pins = ["--require-hashes", "--no-deps", "-r", str(own / "requirements.lock")]
    else:
        pins = ["-c", str(ROOT / "constraints.txt"), "-r", str(own / "requirements.txt")]
    subprocess.run([sys.executable, "-m", "pip", "install", *common, *pins], check=True)  # noqa: S603  (our own)


def lock(service: str) -> str:
    """Return every package that a service needs on Azure with the hash of the wheel that pip chooses for it.

    RuntimeError on a Python for which the requirements ask for other versions: pip reads their markers as its own.
    """
    if sys.version_info >= (3, 13):
        raise RuntimeError(f"lock with Python 3.11 or {PYTHON}, for which the requirements ask for the same versions")
    own = ROOT / "functions" / service
    pins = ["-c", str(ROOT / "constraints.txt"), "-r", str(own / "requirements.txt")]
    asked = ["--quiet", "--dry-run", "--ignore-installed", "--report", "-", "--target", "unused", *_built_for(PYTHON)]
    command = [sys.executable, "-m", "pip", "install", *asked, *pins]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  (our own)
    found = sorted(
        f"{each['metadata']['name'].lower()}=={each['metadata']['version']} "
        f"--hash=sha256:{each['download_info']['archive_info']['hashes']['sha256']}"
        for each in json.loads(told.stdout)["install"]
    )
    about = f"# Wheels for Python {PYTHON} on Linux. Made by: python -m shared.hosts.azure_package {service} --lock"
    return "\n".join([about, *found, ""])


def _built_for(python: str) -> Iterable[str]:
    platforms = [option for each in PLATFORMS for option in ("--platform", each)]
    return ["--only-binary=:all:", *platforms, "--python-version", python, "--implementation", "cp"]


def _own(service: str) -> Iterable[tuple[str, Path]]:
    folder = ROOT / "functions" / service
    for name in ("function_app.py", "host.json", "requirements.txt"):
        yield name, folder / name
    rows = ROWS / f"{service}.yaml"
    for path in [*modules(service), *_data(folder), rows]:
        yield path.relative_to(ROOT).as_posix(), path


def _data(folder: Path) -> Iterable[Path]:
    """Return the data beside a service's modules; settings and the host's file are not."""
    return [path for path in folder.glob("*.json") if path.name != "host.json" and ".settings" not in path.name]


def _installed(folder: Path) -> Iterable[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not {*name.split("/")[:-1]} & {*_CLUTTER} and not name.endswith(_CLUTTER_FILES):
            yield name, path


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
    package.writestr(entry, content)


def main() -> None:
    """Make a service's zip, or its lock."""
    parser = argparse.ArgumentParser(prog="python -m shared.hosts.azure_package")
    parser.add_argument("service")
    parser.add_argument("--lock", action="store_true", help="write the lock of its dependencies")
    asked = parser.parse_args()
    if asked.lock:
        (ROOT / "functions" / asked.service / "requirements.lock").write_text(lock(asked.service), encoding="utf-8")
        return
    made = make_package(asked.service, ROOT / "build" / f"{asked.service}.zip")
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    sys.stdout.write(f"{made.relative_to(ROOT)} {made.stat().st_size:,} bytes sha256:{digest}\n")


if __name__ == "__main__":
    main()
