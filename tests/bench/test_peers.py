import shutil

import pytest

from bench.goals import Row
from bench.load import Load
from bench.peers import rows, vendure
from bench.peers.installation import Absent
from bench.peers.published import PUBLISHED
from bench.peers.vendure import Peer, Rate


def load(clients: int, accepted_per_s: float) -> Load:
    numbers: dict[str, float] = dict.fromkeys(Load.__dataclass_fields__, 10.0)
    return Load(**numbers | {"clients": clients, "accepted_per_s": accepted_per_s})


LOADS = [load(1, 50.0), load(4, 120.0), load(16, 220.0)]
RATES = [Rate(clients, 20.0, 50.0, 12.5, 60.0) for clients in (1, 4, 16)]


def test_without_node_the_peer_is_left_out_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(Absent, match="node and npm are not on the path"):
        vendure.measure(1, (1,), lambda _: None)


def test_the_reason_stands_in_the_table_and_no_goal_is_claimed() -> None:
    assert rows.rows("no npm", LOADS)[0] == Row("Vendure 3.7.3, SQLite, in the same run", "left out: no npm")
    assert rows.goals("no npm", LOADS) == []


def test_a_peer_of_the_same_run_is_held_to_ten_times_its_best_rate() -> None:
    [goal] = rows.goals(Peer("Vendure", 1.4, 500.0, RATES), LOADS)

    assert (goal.measured, goal.goal, goal.reached) == ("11.0 x", "10 x", "goal")


def test_every_published_peer_has_its_line() -> None:
    found = rows.rows(None, LOADS)

    assert [row.what for row in found] == [f"against {each.name} (published below)" for each in PUBLISHED]
    assert found[0].measured == "11 x orders/s at 16 clients; p50 5.0 x faster; 2.8 x less CPU"
