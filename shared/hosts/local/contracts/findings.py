"""A finding: one change of a contract, and whom it hits."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.hosts.local.contracts.schemas import Change


@dataclass(frozen=True)
class Finding:
    """`subject` is a route or an event; `hits` are those who rely on it, if it breaks."""

    subject: str
    what: str
    breaks: bool
    hits: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{'BREAK' if self.breaks else 'ok':<7}{self.subject}: {self.what}"
        return f"{told}; hits {', '.join(self.hits) or 'nobody'}" if self.breaks else told


def findings(subject: str, about: str, changes: Iterable[Change], hits: Iterable[str]) -> list[Finding]:
    """Return changes of a part of a subject as findings."""
    everyone = tuple(sorted(hits))
    return [Finding(subject, f"{about} {each}", each.breaks, everyone if each.breaks else ()) for each in changes]
