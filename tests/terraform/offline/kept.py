"""Plans kept in build/terraform/plans/: the same files give the same plan, whichever test or process asks first."""

import fcntl
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.terraform.offline.terraform import ROOT

FOLDER = ROOT / "build" / "terraform" / "plans"
MOST = 12
_OF = ("terraform", "triggers", "docs/bigquery", "docs/firestore.json", "functions/data_warehouse/reports")
_HARNESS = ("tests/terraform/offline", "tests/terraform/schemas", "tests/terraform/conftest.py")


def kept(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the plan of this name, made only if a file that it rests on has changed since."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{_state()}.json.gz"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            path.write_bytes(gzip.compress(json.dumps(make()).encode(), 1))
            for old in sorted(FOLDER.glob("*.json.gz"), key=lambda each: each.stat().st_mtime)[:-MOST]:
                old.unlink(missing_ok=True)
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return found


@lru_cache(maxsize=1)
def _state() -> str:
    state = hashlib.sha256()
    for path in _files():
        state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for each in (*_OF, *_HARNESS):
        found = ROOT / each
        below = [found] if found.is_file() else sorted(found.rglob("*"))
        yield from (path for path in below if path.is_file() and not {".terraform", "__pycache__"} & set(path.parts))
