"""A person on duty at a running estate: asks it over HTTP with the operator's token."""

import json
from collections.abc import Iterator
from typing import Any

from shared.calls.transport import Reply, over_socket

_DEADLINE_S = 60.0
_AHEAD = "/computeMetadata/v1/instance/service-accounts/operator/identity"


class Refused(Exception):
    """The estate answered with an error; the message says which."""


class Console:
    """Asks an estate at an address."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        found = over_socket(
            f"{self._url}{_AHEAD}", "GET", {"audience": self._url}, None, {"Metadata-Flavor": "Google"}, _DEADLINE_S
        )
        self._token = found.body.decode().strip()

    def get(self, path: str, **query: str | None) -> Any:
        """GET as JSON; Refused for an error."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._read(path, over_socket(self._url + path, "GET", given, None, self._headers, _DEADLINE_S))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST JSON; Refused for an error."""
        headers = {**self._headers, "Content-Type": "application/json"}
        whole = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        return self._read(path, over_socket(self._url + path, "POST", {}, whole, headers, _DEADLINE_S))

    def pages(self, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """POST for page after page."""
        cursor: str | None = None
        while True:
            page = self.post(path, {**body, "cursor": cursor})
            yield page
            cursor = page["next_cursor"]
            if cursor is None:
                return

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}

    @staticmethod
    def _read(path: str, reply: Reply) -> Any:
        said = json.loads(reply.body)
        if reply.status >= 400:
            raise Refused(f"{path}: {reply.status} {said.get('code')}: {said.get('detail')}")
        return said
