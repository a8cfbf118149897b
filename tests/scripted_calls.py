"""Calls with a script: each expected call has its answer, an error to raise, or a function of the body."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel


class ScriptedCalls:
    """Keeps the Calls port; `made` holds (method, path with the service first, body or parameters) of every call."""

    def __init__(self, script: Mapping[tuple[str, str], Any]) -> None:
        self.script = dict(script)
        self.made: list[tuple[str, str, Any]] = []

    def get(self, service: str, path: str, answer: type, *, deadline_s: float = 5.0, **params: Any) -> Any:
        return self._answer("GET", f"/{service}{path}", params, answer)

    def post(self, service: str, path: str, body: Any, answer: type, *, key: str | None = None, **_: Any) -> Any:
        plain = body.model_dump(mode="json", exclude_none=True) if isinstance(body, BaseModel) else dict(body)
        return self._answer("POST", f"/{service}{path}", plain, answer)

    def together(self, *tasks: Callable[[], Any]) -> list[Any]:
        return [task() for task in tasks]

    def _answer(self, method: str, path: str, body: Any, answer: type) -> Any:
        self.made.append((method, path, body))
        scripted = self.script[(method, path)]
        if callable(scripted) and not isinstance(scripted, type):
            scripted = scripted(body)
        if isinstance(scripted, Exception):
            raise scripted
        return answer.model_validate(scripted)
