"""An order of ob-eu told by its events: to Sweden, in SEK, two rates of VAT, one mug of two comes back.

    line      net      tax            total        1 USD = 9.50 SEK (agreed with the order), 1 EUR = 1.1305 USD
    2 mugs   400.00   100.00 (25 %)   500.00       so 1 EUR = 10.73975 SEK
    1 book   200.00    12.00 ( 6 %)   212.00
    parcel    50.00    12.50 (25 %)    62.50
             650.00   124.50          774.50

A mug had cost 2.40 USD. Sandbox's account for SEK is that of ob-us.
"""

from datetime import date
from typing import Any

from shared.events.inventory import CostedLine, InventoryCommitted, InventoryReturned, ReturnedStockLine
from shared.events.order import OrderConfirmed, OrderReduced, ReducedLine
from shared.events.payment import PaymentCaptured, PaymentRefunded
from shared.events.priced_order import ExchangeRate, ShippingCharge
from shared.events.shipment import ReceivedLine, ShipmentDelivered, ShipmentDispatched, ShipmentLine, ShipmentReturned
from shared.values.address import Address
from shared.values.money import Money
from tests.functions.accounting import one_order as o

ORDER, SHIPMENT, RETURN = "ord_EU1", "shp_EU1-1", "ret_EU1"
INVOICE, CREDIT_NOTE = "inv_EU1-1", "crn_EU1"
MALMO = Address(street_address="Storgatan 2", city="Malmö", country="SE", zip_code="211 34")
RATE = ExchangeRate(rate="9.50", provider="European Central Bank", date=date(2026, 11, 19))


def sek(amount: str) -> Money:
    return Money.of(amount, "SEK")


def line(sku: str, name: str, quantity: int, net: str, tax: str, rate: str) -> ShipmentLine:
    why: dict[str, Any] = {"tax_treatment": "oss", "jurisdiction": "SE"}
    return ShipmentLine(sku=sku, name=name, quantity=quantity, net=sek(net), tax=sek(tax), tax_rate=rate, **why)


MUGS = line("MUG-1", "Mug", 2, "400.00", "100.00", "0.25")
BOOK = line("BOOK-1", "Book of Tea", 1, "200.00", "12.00", "0.06")
WHOLE: dict[str, Any] = {
    "order_id": ORDER,
    "shipment_id": SHIPMENT,
    "fulfilment": "parcel",
    "location": "venlo-nl",
    "customer_id": "cus_ada",
    "lines": (MUGS, BOOK),
    "goods_net": sek("600.00"),
    "goods_tax": sek("112.00"),
    "shipping_net": sek("50.00"),
    "shipping_tax": sek("12.50"),
    "total": sek("774.50"),
    "seller": "ob-eu",
    "exchange_rate": RATE,
}


def confirmed() -> OrderConfirmed:
    def ordered(one: ShipmentLine) -> dict[str, Any]:
        priced = o.LINES[0].model_dump()
        amounts = {"unit_price": one.net, "discount": sek("0.00"), "rounding": sek("0.00"), "total": one.net + one.tax}
        return {**priced, **one.model_dump(exclude={"net"}), **amounts}

    amounts = {"subtotal": "600.00", "discount": "0.00", "rounding": "0.00", "shipping": "50.00"}
    amounts |= {"shipping_tax": "12.50", "tax": "124.50", "total": "774.50"}
    charge = ShippingCharge(
        fulfilment="parcel",
        net=sek("50.00"),
        tax=sek("12.50"),
        tax_rate="0.25",
        tax_treatment="oss",
        jurisdiction="SE",
    )
    order = {
        **o.PRICED.model_dump(),
        **{name: sek(amount) for name, amount in amounts.items()},
        "order_id": ORDER,
        "currency": "SEK",
        "lines": [ordered(MUGS), ordered(BOOK)],
        "shipping_charges": [charge],
        "shipping_address": MALMO,
        "billing_address": MALMO,
        "seller": "ob-eu",
        "exchange_rate": RATE,
    }
    return OrderConfirmed.model_validate({"order_id": ORDER, "order": order})


def dispatched() -> ShipmentDispatched:
    to = {"email": "ada@example.com", "first_name": "Ada", "shipping_address": MALMO, "shipping_jurisdiction": "SE"}
    return ShipmentDispatched.model_validate({**WHOLE, **to, "tracking_number": "T2", "carrier": "parcelco"})


def delivered() -> ShipmentDelivered:
    return ShipmentDelivered.model_validate(WHOLE)


def committed(location: str = "venlo-nl") -> InventoryCommitted:
    mugs = CostedLine(sku="MUG-1", location=location, quantity=2, unit_cost=o.usd("2.40"))
    return InventoryCommitted(order_id=ORDER, shipment_id=SHIPMENT, lines=(mugs,))


def captured() -> PaymentCaptured:
    return PaymentCaptured(
        order_id=ORDER, shipment_id=SHIPMENT, payment_id="pay_2", amount=sek("774.50"), gateway="sandbox"
    )


def returned() -> ShipmentReturned:
    mug = ReceivedLine(
        shipment_id=SHIPMENT,
        fulfilment="parcel",
        sku="MUG-1",
        name="Mug",
        quantity=1,
        net=sek("200.00"),
        tax=sek("50.00"),
        tax_rate="0.25",
        jurisdiction="SE",
        location="venlo-nl",
        disposition="restock",
    )
    return ShipmentReturned(
        order_id=ORDER,
        return_id=RETURN,
        customer_id="cus_ada",
        lines=(mug,),
        goods_net=sek("200.00"),
        goods_tax=sek("50.00"),
        shipping_net=sek("0.00"),
        shipping_tax=sek("0.00"),
        total=sek("250.00"),
        seller="ob-eu",
        exchange_rate=RATE,
    )


def put_back(location: str = "venlo-nl") -> InventoryReturned:
    mug = ReturnedStockLine(sku="MUG-1", location=location, quantity=1, unit_cost=o.usd("2.40"), state="sellable")
    return InventoryReturned(order_id=ORDER, return_id=RETURN, lines=(mug,))


def refunded() -> PaymentRefunded:
    return PaymentRefunded(
        order_id=ORDER, return_id=RETURN, payment_id="pay_2", amount=sek("250.00"), gateway="sandbox"
    )


def reduced() -> OrderReduced:
    """The book is taken off before it leaves, and nothing of the shipping with it."""
    book = ReducedLine(
        shipment_id=SHIPMENT,
        location="venlo-nl",
        fulfilment="parcel",
        **BOOK.model_dump(exclude={"tax_treatment"}),
    )
    return OrderReduced(
        order_id=ORDER,
        reduction_id="red_1",
        by="ada",
        reason="changed her mind",
        lines=(book,),
        shipping_net=sek("0.00"),
        shipping_tax=sek("0.00"),
        total=sek("212.00"),
    )
