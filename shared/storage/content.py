"""What identifies the content of a store: a sum of hashes, so that it doesn't matter in which order it was read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

_MODULUS = 1 << 256


@dataclass
class Content:
    """Counts and hashes what is added. Two contents with the same hash hold the same things under the same keys.

    Each thing is written as JSON with sorted keys, hashed by SHA-256, and added modulo 2^256: that finds what differs
    by mistake, not what was made to agree on purpose.
    """

    counts: Counter[str] = field(default_factory=Counter)
    _sum: int = 0

    def add(self, collection: str, key: str, thing: Mapping[str, Any]) -> None:
        """Take one thing of JSON values, by its collection and key."""
        whole = orjson.dumps([collection, key, thing], option=orjson.OPT_SORT_KEYS)
        self._sum = (self._sum + int.from_bytes(sha256(whole).digest())) % _MODULUS
        self.counts[collection] += 1

    @property
    def hash(self) -> str:
        """The sum so far, as 64 hexadecimal digits."""
        return f"{self._sum:064x}"
