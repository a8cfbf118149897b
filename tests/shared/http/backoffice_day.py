"""A day in the backoffice: somebody looks, decides what waits, and sends a message again."""

from collections.abc import Iterator
from contextlib import contextmanager

from requests_mock import ANY, Mocker

from tests.functions.legacy_checkout.old_checkout import calls_of, send
from tests.in_process import ADA, InProcess, basket


@contextmanager
def played_front() -> Iterator[None]:
    """The estate's own routes, which need a front door: nothing recorded, nothing dead, any replay goes well."""
    with Mocker() as front:
        front.get(ANY, status_code=404)
        front.get("/-/dead-letters", json={"items": []})
        front.post("/-/dead-letters/replay", json={"replayed": 1})
        yield


def _repay(estate: InProcess) -> None:
    """An order of the old checkout is cancelled, and somebody gave back there what it cost."""
    sold = next(call for call in calls_of("8f0c2d1e-c4f1-11f0-9d2c-0242ac12b0ff") if call.is_message)
    send(estate, sold)
    estate.deliver()
    order_id = f"ord_{sold.body['order_id']}"
    estate.post(f"/order_management/orders/{order_id}/cancel", {"by": "Ada", "reason": "too long"})
    estate.deliver()
    (debt,) = estate.get("/backoffice/")["owed"]
    told = {"cause": debt["cause"], **debt["amount"], "reference": "re_2"}
    assert estate.post(f"/backoffice/orders/{order_id}/repayments", told)[1]["notice"] == "repaid"


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
        _repay(estate)
        assert estate.post("/backoffice/dead-letters/17/replay")[1]["notice"] == "replayed"
