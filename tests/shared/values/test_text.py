"""Control characters in text from outside: found by field, in whichever way they are written."""

import json
from typing import Any

import pytest

from shared.values.text import controls_in, may_hold_controls, without_controls

REFUSED = ["\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066"]
KEPT = ["\n", "\r\n", "\t", "é", "日本", "\u200d", "\u200f", "👩\u200d🚀", "\\u0007"]


@pytest.mark.parametrize("character", REFUSED)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_is_found_escaped_and_plain(character: str, ascii_only: bool) -> None:
    raw = json.dumps({"reason": f"a{character}b"}, ensure_ascii=ascii_only).encode()
    assert may_hold_controls(raw)
    assert list(controls_in(json.loads(raw))) == [("reason", f"U+{ord(character):04X}")]
    assert json.loads(without_controls(raw)) == {"reason": "a b"}


@pytest.mark.parametrize("text", KEPT)
def test_line_breaks_scripts_and_joiners_are_text(text: str) -> None:
    for raw in (json.dumps({"reason": text}), json.dumps({"reason": text}, ensure_ascii=False)):
        assert list(controls_in(json.loads(raw))) == []
        assert json.loads(without_controls(raw.encode())) == {"reason": text}


def test_most_bodies_are_looked_at_once() -> None:
    assert not may_hold_controls(json.dumps({"city": "Zürich", "note": "two\nlines"}).encode())


def test_each_field_is_named_by_its_path_in_the_order_of_the_body() -> None:
    body: dict[str, Any] = {"a": [{"b": "\x07"}, "fine"], "c\x00": 1, "d": "\u202e"}
    assert list(controls_in(body)) == [("a name", "U+0000"), ("a.0.b", "U+0007"), ("d", "U+202E")]


def test_what_is_no_json_stays_as_it_came() -> None:
    assert without_controls(b'{"a": "\x07') == b'{"a": "\x07'
