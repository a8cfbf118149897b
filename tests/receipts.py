"""A receipt that remembers what was recorded."""

from typing import Any


class Recorded:
    """Keeps the Receipt port: `recorded` tells whether the function wrote it, `answer` what with."""

    def __init__(self, token: str = "receipt-1") -> None:
        self.token = token
        self.subject: str | None = None
        self.recorded = False
        self.answer: Any = None

    def begin(self, tx: Any, subject: str) -> None:
        self.subject = subject

    def record(self, tx: Any, answer: Any = None) -> None:
        self.recorded, self.answer = True, answer

    def forget(self, tx: Any) -> None:
        self.recorded, self.subject = False, None
