"""Invoices: published by accounting."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money


class InvoiceDrafted(Event):
    """An order's invoice was drafted: no number, nothing posted."""

    type: ClassVar[str] = "invoice.drafted"
    order_id: OrderId
    invoice_id: str
    total: Money


class InvoicePosted(Event):
    """A shipment left, its invoice is finished and posted; only its number is missing."""

    type: ClassVar[str] = "invoice.posted"
    order_id: OrderId
    shipment_id: ShipmentId
    invoice_id: str
    total: Money


class InvoiceIssued(Event):
    """An invoice got its number from the gap-free series `series`."""

    type: ClassVar[str] = "invoice.issued"
    order_id: OrderId
    shipment_id: ShipmentId
    invoice_id: str
    number: str
    series: str
    total: Money


class InvoiceCredited(Event):
    """A credit note got its number: `total` of an issued invoice is owed back for a return."""

    type: ClassVar[str] = "invoice.credited"
    order_id: OrderId
    return_id: str
    credit_note_id: str
    number: str
    series: str
    total: Money
