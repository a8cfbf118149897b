"""The estate as anybody outside sees it: HTTP, with an identity token from the metadata route."""

import time
from types import TracebackType
from typing import Any, Self, TypeVar

import requests
from pydantic import BaseModel

from shared.hosts.local.demo.answers import Reply

M = TypeVar("M", bound=BaseModel)
_DEADLINE_S = 30.0
_OK = 300


class Unexpected(Exception):
    """The estate answered what it should not have, or not in time; the message says it in words."""


class Shop:
    """A connection to the estate as one caller (`gke-checkout`, `operator`); used by one thread at a time."""

    def __init__(self, url: str, caller: str) -> None:
        self.url = url
        self._session = requests.Session()
        token = self._session.get(
            f"{url}/computeMetadata/v1/instance/service-accounts/{caller}/identity",
            params={"audience": url},
            headers={"Metadata-Flavor": "Google"},
            timeout=_DEADLINE_S,
        )
        token.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {token.text}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def ask(self, path: str) -> requests.Response:
        """GET a path, whatever the answer."""
        return self._session.get(f"{self.url}{path}", timeout=_DEADLINE_S)

    def get(self, path: str, kind: type[M]) -> M:
        """GET one document; Unexpected unless it is there."""
        return kind.model_validate(self._body(path))

    def find(self, path: str, kind: type[M]) -> M | None:
        """GET one document; None if there is none."""
        reply = self.ask(path)
        return None if reply.status_code == requests.codes.not_found else kind.model_validate(_checked(reply, path))

    def items(self, path: str, kind: type[M]) -> list[M]:
        """GET a list, all pages of which are one here."""
        return [kind.model_validate(item) for item in self._body(path)["items"]]

    def totals(self, path: str) -> dict[str, int]:
        """GET a service's control totals."""
        found: dict[str, int] = self._body(path)["totals"]
        return found

    def post(self, path: str, body: dict[str, Any], key: str = "", since: float | None = None) -> Reply:
        """POST whatever the answer; `since` (time.monotonic) is when the story began."""
        began = time.monotonic() if since is None else since
        headers = {"Idempotency-Key": key} if key else {}
        reply = self._session.post(f"{self.url}{path}", json=body, headers=headers, timeout=_DEADLINE_S)
        return Reply(reply.status_code, reply.json(), (time.monotonic() - began) * 1000)

    def do(self, path: str, body: dict[str, Any] | None = None) -> None:
        """POST what must succeed; Unexpected otherwise."""
        reply = self.post(path, body or {})
        if reply.status >= _OK:
            raise Unexpected(f"POST {path} answered {reply.status}: {reply.body.get('detail')}")

    def _body(self, path: str) -> Any:
        return _checked(self.ask(path), path)


def _checked(reply: requests.Response, path: str) -> Any:
    if reply.status_code >= _OK:
        raise Unexpected(f"GET {path} answered {reply.status_code}: {reply.text[:200]}")
    return reply.json()
