"""The Calls port: what a function may ask of another service."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

A = TypeVar("A", bound=BaseModel)


class Calls(Protocol):
    """JSON over HTTP with an identity token, a deadline, a bounded retry where a repeat is harmless, and a breaker.

    Answers of 4xx are raised as what they say: the Refusal of their code, Invalid, NotFound, Forbidden,
    Unauthenticated or InProgress; 503 `payment_unavailable` as PaymentUnavailable. Anything else that is no answer
    (time-out, connection, other 5xx, open breaker) is CallFailed. Refuses to work while a transaction is open.
    """

    def get(self, service: str, path: str, answer: type[A], *, deadline_s: float = 5.0, **params: Any) -> A:
        """GET, retried within the deadline."""

    def post(
        self,
        service: str,
        path: str,
        body: BaseModel | Mapping[str, Any],
        answer: type[A],
        *,
        key: str | None = None,
        repeatable: bool = True,
        deadline_s: float = 5.0,
    ) -> A:
        """POST; retried within the deadline if `repeatable` (the route is idempotent.

        Naturally, or by the `key` sent along).
        """

    def together(self, *tasks: Callable[[], Any]) -> list[Any]:
        """Run calls side by side when they go over sockets, in turn when in process.

        Raises the first failure by position.
        """
