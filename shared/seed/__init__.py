"""Opening data of an empty estate: products, furniture, locations. Each service seeds what it owns from here."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache
def read(name: str) -> Any:
    """Read `<name>.json` of this folder."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
