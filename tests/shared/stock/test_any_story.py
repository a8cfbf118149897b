"""Whatever happens to stock, in whatever order: movements and events explain every piece and every cent."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import BoutiqueError
from shared.events import Envelope
from shared.stock.adjusting import AdjustStock, adjust
from shared.stock.commands import ReallocatePieces
from shared.stock.control_totals import control_totals
from shared.stock.counting import CountStock, count
from shared.stock.goods import Goods
from shared.stock.holding import firm, release
from shared.stock.moving import MoveStock, move
from shared.stock.reallocating import reallocate
from shared.stock.reducing import reduce
from shared.stock.returning import take_back
from shared.stock.sharding import change_shards
from shared.stock.shipping import ship
from shared.stock.transferring import ReceiveTransfer, SendTransfer, receive, send
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, VENLO, dispatched, ledger, reserved, stocked
from tests.shared.stock.stories import came_back, reduction

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
PLACES = st.sampled_from([NEWARK, RENO, VENLO])
PIECES = st.integers(1, 4)
STATES = st.sampled_from(["sellable", "quarantine", "damaged"])


def steps(name: str, *figures: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(st.just(name), *figures)


STORY = st.lists(
    st.one_of(
        steps("leave", PLACES, PIECES),
        steps("short", PLACES, PIECES),
        steps("give up", PLACES, PIECES),
        steps("come back", PIECES, st.sampled_from(["restock", "quarantine"])),
        steps("adjust", PLACES, st.integers(-4, 4), STATES),
        steps("count", PLACES, st.integers(0, 6)),
        steps("move", PLACES, STATES, STATES, PIECES),
        steps("send", PLACES, PLACES, PIECES),
        steps("arrive", st.integers(0, 4)),
        steps("shards", st.integers(1, 4)),
        steps("release"),
    ),
    max_size=14,
)


def act(tx, book, number: int, name: str, *with_) -> None:
    """Do one step of a story to ord_1 and the mugs."""
    match name, with_:
        case "leave", (place, pieces):
            ship(tx, book, dispatched("ord_1", f"shp_{number % 3}", place, {MUG: pieces}), NOW)
        case "short", (place, pieces):
            body = {"short_id": f"sho_{number}", "shipment_id": "shp_1", "sku": MUG, "location": place}
            reallocate(tx, book, "ord_1", ReallocatePieces(**body, quantity=pieces), "warehouse", NOW)
        case "give up", (place, pieces):
            reduce(tx, book, reduction(f"red_{number}", (MUG, place, pieces)), NOW)
        case "come back", (pieces, disposition):
            event = came_back(f"ret_{number}", (MUG, pieces, disposition), shipment_id=f"shp_{number % 3}")
            take_back(tx, book, event, NOW)
        case "adjust", (place, delta, state):
            command = AdjustStock(sku=MUG, location=place, delta=delta, state=state, reason="found", by="joe")
            adjust(tx, book, f"adj_{number}", command, NOW)
        case "count", (place, counted):
            lines = [{"sku": MUG, "counted": counted}]
            count(tx, book, f"cnt_{number}", CountStock(location=place, by="joe", lines=lines), NOW)
        case "move", (place, origin, target, pieces):
            body = {"sku": MUG, "location": place, "from_state": origin, "to_state": target, "quantity": pieces}
            move(tx, book, f"mov_{number}", MoveStock(**body, reason="wet", by="joe"), NOW)
        case "send", (origin, target, pieces):
            body = {"sku": MUG, "quantity": pieces, "from_location": origin, "to_location": target, "by": "joe"}
            send(tx, book, "trf_1", SendTransfer(**body), NOW)
        case "arrive", (pieces,):
            receive(tx, book, "trf_1", ReceiveTransfer(quantity=pieces, by="ann", reason="lost"), NOW)
        case "shards", (shards,):
            change_shards(tx, book, MUG, shards)
        case "release", ():
            release(tx, book, "ord_1", "cancelled", "order cancelled", NOW)


def told(db: SqliteDatabase) -> tuple[Counter[str], int]:
    """What the events say: pieces on the books by SKU, and mugs held."""
    pieces: Counter[str] = Counter()
    held = 0
    for (body,) in db.file.read("SELECT body FROM outbox ORDER BY rowid"):
        event = Envelope.model_validate_json(body)
        kind, lines = event.type.partition(".")[2], event.data.get("lines", [event.data])
        for line in lines:
            pieces[line["sku"]] += {
                "received": line.get("quantity", 0),
                "committed": -line.get("quantity", 0),
                "returned": line.get("quantity", 0),
                "adjusted": line.get("delta", 0),
            }.get(kind, 0)
            held += {"reserved": 1, "released": -1, "committed": -1}.get(kind, 0) * line.get("quantity", 0)
    return pieces, held


@settings(max_examples=60)
@given(STORY)
def test_every_piece_and_cent_is_explained(story) -> None:
    book = ledger()
    with TemporaryDirectory() as folder:
        instance = LocalInstance(Path(folder) / "instances")
        db = SqliteDatabase(Path(folder) / "inventory.db", "inventory", instance, clock=lambda: NOW)
        stocked(db, book, NOW, (MUG, NEWARK, 5, "2.00"), (MUG, RENO, 3, "3.01"), (MUG, VENLO, 2, "1.37"))
        reserved(db, book, "ord_1", {MUG: 6}, NOW)
        firm(db, book, "ord_1", NOW)
        for number, step in enumerate(story):
            try:
                db.transact(lambda tx, n=number, s=step: act(tx, book, n, *s))
            except BoutiqueError:
                continue
        totals = control_totals(db, book, NOW).totals
        pieces, held = told(db)
        goods = db.transact(lambda tx: Goods(tx, book, MUG))
        db.close()
        instance.close()
    assert {name: total for name, total in totals.items() if name.endswith("unexplained") and total} == {}
    assert (totals[f"movements.{MUG}"], totals[f"movements.{JAR}"]) == (pieces[MUG], 0)
    assert sum(shard.reserved for shard in goods.shards) == held
