"""What the people who look after orders do in a day, for the suite that reads every answer."""

from typing import Any

from tests.in_process import InProcess, basket

DECIDED = {"by": "grace", "reason": "the customer called"}


def live(estate: InProcess) -> None:
    """Use every route of order_management that the plain order's way doesn't."""
    kept, cancelled = ordered(estate, "kept"), ordered(estate, "cancelled")
    one = [{"sku": "OLJCESPC7Z", "quantity": 1}]
    for lines in (None, [{"sku": "NO-SUCH-SKU", "quantity": 1}], one):
        estate.post(f"/order_management/orders/{cancelled}/cancel", DECIDED | ({"lines": lines} if lines else {}))
    estate.post(f"/order_management/orders/{kept}/cancel", DECIDED | {"lines": one})
    estate.deliver()
    for step in ("dispatch", "deliver"):
        for shipment in estate.get(f"/warehouse/shipments?order_id={kept}")["items"]:
            estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
            estate.deliver()
    send_back(estate, kept)
    for path in (f"/orders/{kept}/timeline", "/orders/ord_nothing/timeline", "/reviews", "/returns?status=rejected"):
        estate.ask("operator", "GET", f"/order_management{path}")
    estate.get("/order_management/content-hash")


def ordered(estate: InProcess, who: str) -> str:
    status, answer = estate.place(basket(customer={**basket()["customer"], "email": f"{who}@example.com"}), who)
    assert status == 201, answer
    estate.deliver()
    return str(answer["order_id"])


def send_back(estate: InProcess, order_id: str) -> None:
    path = f"/order_management/orders/{order_id}/returns"
    asked: list[dict[str, Any]] = [{"lines": [{"sku": "6E92ZMYYFZ", "quantity": 1}]}, {"refund_shipping": True}, {}]
    answers = [estate.post(path, DECIDED | changes)[1] for changes in asked]
    first, second = (each["return_id"] for each in answers[1]["returns"])
    for return_id, decision in ((first, "reject"), (second, "authorize"), (first, "authorize"), (second, "reject")):
        estate.post(f"{path}/{return_id}/{decision}", DECIDED)
    estate.post(f"{path}/ret_unknown/authorize", DECIDED)
    estate.deliver()
