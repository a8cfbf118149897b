"""The image without Docker: its steps in a folder, its entry point by its own command, a 200 from every service."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import manifest
from tests.deploy.dockerfile import Stage, build, excluded, inside, instructions

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
SERVICES = sorted(name for name, row in manifest().services.items() if row.runs_on == "cloud_run")
LEFT_OUT = ("granian", "duckdb", "sqlglot", "rich", "azure")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, require: Callable[[Any, str], None]) -> Stage:
    try:
        return build(DOCKERFILE, tmp_path_factory.mktemp("image"))
    except subprocess.CalledProcessError as failed:
        require(None, f"the image's packages could not be installed: {failed}")
        raise


@contextmanager
def running(image: Stage, service: str) -> Iterator[str]:
    """Run the entry point as Cloud Run does: with the image's variables and those that Terraform sets, as nothing else.

    `-S` takes away the packages of the Python that runs the tests: there are only those of the image.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value.replace("/app", f"{image.root}/app") for name, value in image.variables.items()}
    own["PYTHONPATH"] = f"{inside(image, '/app')}:{inside(image, '/packages')}"
    given = {
        "FUNCTION_TARGET": service,
        "FUNCTION_SOURCE": f"functions/{service}/main.py",
        "THREADS": "4",
        "PORT": str(port),
        "BOUTIQUE_PLATFORM": "cloud",
        "BOUTIQUE_PROJECT": "online-boutique-test",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:9",
    }
    python, *rest = image.entry
    assert python == "python"
    log = image.root / f"{service}.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-S", *rest],
            cwd=inside(image, image.workdir),
            env={**own, **given, "PATH": os.environ["PATH"]},
            stdout=written,
            stderr=written,
        )
    try:
        _wait(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) == 0


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"it does not listen: {log.read_text()[-2000:]}")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_by_the_entry_point(image: Stage, service: str) -> None:
    with running(image, service) as address:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"{address}/openapi.json", timeout=30) as answer:
            assert answer.status == 200


def test_the_entry_point_reads_what_terraform_sets() -> None:
    set_there = set(
        re.findall(r"^\s+(FUNCTION_\w+|THREADS)\s+=", (ROOT / "terraform/gcp/services.tf").read_text(), re.M)
    )

    assert set_there == {"FUNCTION_TARGET", "FUNCTION_SOURCE", "THREADS"}


def test_a_job_of_the_image_seeds_a_service(image: Stage, tmp_path: Path) -> None:
    own = {"PYTHONPATH": f"{inside(image, '/app')}:{inside(image, '/packages')}", "BOUTIQUE_DATA": str(tmp_path)}
    command = [sys.executable, "-S", "-m", "shared.hosts.seed", "inventory"]

    told = [subprocess.run(command, env=own, capture_output=True, text=True, check=True).stdout for _ in range(2)]

    assert told == ["inventory: opening data is there now\n", "inventory: nothing to do\n"]


def test_it_does_not_run_as_root(image: Stage) -> None:
    uid, gid = image.user.split(":")

    assert int(uid) > 1000
    assert int(gid) > 1000
    assert [word for word, _ in instructions(DOCKERFILE.read_text())][-2:] == ["USER", "ENTRYPOINT"]


def test_it_rests_on_one_slim_python_of_the_version_that_azure_has(image: Stage) -> None:
    bases = {rest.split(" AS ")[0] for word, rest in instructions(DOCKERFILE.read_text()) if word == "FROM"}

    assert bases == {"python:3.12-slim-bookworm"}


def test_wheels_are_one_layer_and_ours_another() -> None:
    last = DOCKERFILE.read_text().rsplit("FROM ", 1)[1]
    layers = [rest for word, rest in instructions(f"FROM {last}") if word in ("COPY", "RUN")]

    assert layers == ["--from=made /packages /packages", "--from=made /app /app"]


def test_it_holds_what_production_needs_and_no_more(image: Stage) -> None:
    app, packages = inside(image, "/app"), inside(image, "/packages")
    services = {path.name for path in (app / "functions").iterdir() if (path / "main.py").is_file()}

    assert sorted(path.name for path in app.iterdir()) == ["functions", "shared", "triggers"]
    assert services == set(SERVICES)
    assert sorted(path.name for path in (app / "shared" / "hosts").glob("*.py")) == [
        "__init__.py",
        "cloud_run.py",
        "seed.py",
        "smoke.py",
    ]
    local = app / "shared" / "hosts" / "local"
    assert sorted(path.name for path in local.rglob("*.py")) == ["__init__.py", "seeding.py"]
    assert [name for name in LEFT_OUT if (packages / name).exists()] == []
    assert (packages / "google").is_dir()
    assert list(app.rglob("local.settings*")) == list(app.rglob("test_*")) == []


def test_it_is_small(image: Stage) -> None:
    size = sum(path.stat().st_size for path in image.root.rglob("*") if path.is_file() and path.suffix != ".log")

    assert size < 260 * 2**20, f"{size / 2**20:.0f} MiB beside the base"


def test_nothing_that_is_new_gets_into_the_builds_context() -> None:
    kept_out = {path.relative_to(ROOT).as_posix() for path in excluded(ROOT)}

    assert {"Makefile", "README.md", "tests", "terraform", "docs", "bench", "functions/fraud"} <= kept_out
    assert {"functions", "shared", "triggers", "requirements.txt", "constraints.txt"}.isdisjoint(kept_out)
