"""A day in the backoffice: somebody looks, decides what waits, and sends a message again."""

from collections.abc import Iterator
from contextlib import contextmanager

from requests_mock import ANY, Mocker

from tests.in_process import ADA, InProcess, basket


@contextmanager
def played_front() -> Iterator[None]:
    """The estate's own routes, which need a front door: nothing recorded, nothing dead, any replay goes well."""
    with Mocker() as front:
        front.get(ANY, status_code=404)
        front.get("/-/dead-letters", json={"items": []})
        front.post("/-/dead-letters/replay", json={"replayed": 1})
        yield


def live(estate: InProcess) -> None:
    """Ask every route of the backoffice; the estate's own routes, which need a front door, are played."""
    with played_front():
        estate.get("/backoffice/")
        estate.get("/backoffice/differences")
        for verdict in ("approve", "reject"):
            body = basket(customer={**ADA, "email": f"{verdict}@review.test"})
            _, held = estate.place(body, f"backoffice-{verdict}")
            estate.deliver()
            page = estate.get(f"/backoffice/orders/{held['order_id']}")
            assert page["order"]["status"] == "held"
            _, came = estate.post(f"/backoffice/orders/{held['order_id']}/{verdict}", {"reason": "it was looked at"})
            assert came["notice"] == f"{verdict}d" if verdict == "approve" else "rejected"
        assert estate.post("/backoffice/dead-letters/17/replay")[1]["notice"] == "replayed"
