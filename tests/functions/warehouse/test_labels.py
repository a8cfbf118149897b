"""Packing numbers the units, and a scanner reads what is printed."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import zxingcpp
from stdnum import ean

from functions.warehouse.boxes import boxes
from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.get_consignment import BillOfLading, get_consignment
from functions.warehouse.label import labels_of, readable
from functions.warehouse.list_labels import Labels, list_labels
from functions.warehouse.pack_shipment import PackShipment, pack_shipment
from functions.warehouse.shipment import ShipmentAnswer
from functions.warehouse.stop_order import StopOrder, stop_order
from functions.warehouse.units import consignment_number, sscc
from shared.errors import IllegalTransition, NotFound
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, START
from tests.functions.warehouse.orders import NUMBER, plan
from tests.scripted_calls import ScriptedCalls

FIRST, SECOND, THIRD = (f"shp_{NUMBER}-{number}" for number in (1, 2, 3))
LATER = START + timedelta(hours=1)
QUOTE = ("POST", "/furniture/freight-quotes")
SVG = "{http://www.w3.org/2000/svg}"


def pack(db: SqliteDatabase, shipment_id: str = FIRST) -> ShipmentAnswer:
    return db.transact(lambda tx: pack_shipment(shipment_id, PackShipment(by="joe"), tx, LATER))


def scanned(labels: Labels) -> list[list[str]]:
    """What a scanner reads of each label: its bars are drawn in black on white, eight dots to the millimetre."""
    found = []
    for label in ElementTree.fromstring(labels.to_svg()).iter(f"{SVG}g"):
        bars = [path for path in label.findall(f"{SVG}path") if "translate" in path.get("transform", "")]
        if bars:
            found.append([_read(path) for path in bars])
    return found


def _read(path: ElementTree.Element) -> str:
    row = bytearray(b"\xff" * 800)
    left = float(re.findall(r"[\d.]+", path.get("transform", ""))[0])
    for place, width in re.findall(r"M([\d.]+) 0h([\d.]+)v", path.get("d", "")):
        begin, end = round((left + float(place)) * 8), round((left + float(place) + float(width)) * 8)
        row[begin:end] = bytes(end - begin)
    image = memoryview(bytes(row) * 100).cast("B", shape=[100, 800])
    (code,) = zxingcpp.read_barcodes(image)
    return f"{code.symbology_identifier}{code.text}"


def test_an_sscc_by_hand() -> None:
    # 2 9521234 000000001: 3x2+9+3x5+2+3x1+2+3x3+4+0+...+3x1 = 53, to 60 it is 7
    assert sscc(2, 1) == "295212340000000017"
    assert readable("295212340000000017") == "(00) 2 9521234 000000001 7"
    assert consignment_number("295212340000000017") == "95212342000000001"
    assert all(ean.calc_check_digit(code[:17]) == code[17] for code in map(sscc, (1, 3), (999_999_999, 42)))
    with pytest.raises(OverflowError):
        sscc(1, 10**9)


def test_every_unit_of_a_dock_gets_a_number_of_its_own(db: SqliteDatabase) -> None:
    plan(db)
    assert pack(db, SECOND).sscc == (sscc(2, 1),)
    answer = pack(db, THIRD)
    assert (answer.sscc, answer.packed_by, answer.packed_at) == ((sscc(2, 2), sscc(2, 3)), "joe", LATER)
    assert pack(db, THIRD) == answer
    assert pack(db, FIRST).sscc == (sscc(1, 1),)  # Newark counts by itself


def test_a_scanner_reads_what_is_printed(db: SqliteDatabase) -> None:
    plan(db)
    pack(db, THIRD)
    assert scanned(list_labels(THIRD, db)) == [["]C1(00)" + sscc(2, 1)], ["]C1(00)" + sscc(2, 2)]]
    number = db.transact(lambda tx: dispatch_shipment(THIRD, DispatchShipment(), tx, LATER)).tracking_number
    assert scanned(list_labels(THIRD, db))[0] == [f"]C0{number}", "]C1(00)" + sscc(2, 1)]


def test_a_label_says_who_gets_which_unit(db: SqliteDatabase) -> None:
    plan(db)
    pack(db)
    labels = list_labels(FIRST, db)
    gross_g = 800 + boxes()[-1].tare_g
    assert [each.model_dump() for each in labels.items] == [
        {"unit": 1, "of": 1, "sscc": sscc(1, 1), "weight": f"{gross_g / 1000:.2f} kg", "box": "XL"}
    ]
    texts = [each.text for each in ElementTree.fromstring(labels.to_svg()).iter(f"{SVG}text")]
    for expected in ("Ada Lovelace", "1 Example Street", "Mountain View, CA 94043", "1 of 1", readable(sscc(1, 1))):
        assert expected in texts
    assert "Ada" not in labels.model_dump_json()


def test_a_name_is_text_and_nothing_else(db: SqliteDatabase) -> None:
    from functions.warehouse.shipment import Shipment

    plan(db)
    pack(db)
    shipment = db.get(Shipment, FIRST)
    assert shipment is not None
    shipment.first_name = "<script>&'\""
    db.transact(lambda tx: tx.put(shipment))
    assert "<script>" not in list_labels(FIRST, db).to_svg()
    ElementTree.fromstring(list_labels(FIRST, db).to_svg())


def test_no_word_of_a_long_address_is_left_out(db: SqliteDatabase) -> None:
    from functions.warehouse.shipment import Shipment

    plan(db)
    pack(db)
    shipment = db.get(Shipment, FIRST)
    assert shipment is not None
    street = " ".join(f"word{number:04d}" for number in range(22))[:200]
    address = shipment.shipping_address.model_copy(
        update={"street_address": street, "city": "C" * 100, "state": "S" * 64}
    )
    for way in ("US", "GB"):
        shipment.shipping_address = address.model_copy(update={"country": way})
        (label,) = labels_of(shipment)
        assert set(street.split()) <= {word for text in label.recipient for word in text.split()}
        assert "".join(label.recipient).count("C") >= 100
        assert len(label.recipient) * label.letters_mm * 1.22 <= 41


def test_what_shrinks_is_packed_anew_under_new_numbers(db: SqliteDatabase) -> None:
    plan(db)
    pack(db, THIRD)
    one = StopOrder.model_validate(
        {"by": "grace", "reason": "r", "reduction_id": "red_1", "lines": [{"sku": "FURN-1", "quantity": 1}]}
    )
    db.transact(lambda tx: stop_order(ORDER, one, tx, LATER))
    with pytest.raises(NotFound, match="not packed yet"):
        list_labels(THIRD, db)
    assert pack(db, THIRD).sscc == (sscc(2, 3),)


def test_what_left_unpacked_or_is_unknown_has_no_labels(db: SqliteDatabase) -> None:
    for act in (pack, lambda db: list_labels(FIRST, db), lambda db: bill(db, FIRST)):
        with pytest.raises(NotFound):
            act(db)
    plan(db)
    db.transact(lambda tx: dispatch_shipment(FIRST, DispatchShipment(), tx, LATER))
    with pytest.raises(IllegalTransition, match="nothing to pack"):
        pack(db)


def bill(db: SqliteDatabase, shipment_id: str = THIRD) -> BillOfLading:
    answer = {
        "lines": [{"sku": "FURN-1", "pieces": 2, "freight_class": "125"}],
        "freight_class_source": "NMFC density scale",
    }
    call = ScriptedCalls({QUOTE: answer})
    found = get_consignment(shipment_id, db, call)
    assert call.made[0][2] == {
        "lines": [{"sku": "FURN-1", "quantity": 2}],
        "destination": {"country": "US", "state": "CA", "zip_code": "94043"},
        "service_level": "kerbside",
    }
    return found


def test_a_bill_of_lading_names_every_unit_with_its_class(db: SqliteDatabase) -> None:
    plan(db)
    with pytest.raises(NotFound, match="goes as parcels"):
        bill(db, FIRST)
    with pytest.raises(NotFound, match="not packed yet"):
        bill(db)
    pack(db, THIRD)
    found = bill(db)
    assert (found.consignment_number, found.slot_id, found.service_level) == ("95212342000000001", "slot-1", "kerbside")
    assert (found.shipper, found.ship_from.city, found.zip_code) == ("Online Boutique, Reno", "Reno", "94043")
    assert [(unit.unit, unit.sscc, unit.weight_g, unit.freight_class) for unit in found.units] == [
        (1, sscc(2, 1), 60_000, "125"),
        (2, sscc(2, 2), 60_000, "125"),
    ]
    assert (found.weight_g, found.freight_class_source) == (120_000, "NMFC density scale")


def test_every_dock_is_a_warehouse_with_a_digit_of_its_own() -> None:
    from functions.warehouse.docks import dock
    from shared.seed import read

    docks = [dock(row["location"]) for row in read("locations")["locations"]]
    assert len({each.extension for each in docks}) == len(docks)
    assert all(0 <= each.extension <= 9 for each in docks)
    with pytest.raises(NotFound, match="atlantis has no dock"):
        dock("atlantis")
