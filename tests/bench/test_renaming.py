import hashlib
import json
from datetime import timedelta

from bench.stored.renaming import Tokens

ORDER = "ord_01M7W9QZ9F4PA774BAC39XGK33"


def renamed(text: str, back: timedelta = timedelta(days=1), copy: int = 3, originals: int = 500) -> str:
    tokens = Tokens()
    pattern = tokens.pattern(text)
    return pattern.written(tokens.renamed(copy, back, originals))


def test_an_id_moves_its_48_bits_of_time_and_keeps_prefix_random_part_and_suffix() -> None:
    assert renamed("ord_0000000010ABCDEFGHJKMNPQRS-1", timedelta(milliseconds=1)) == "ord_000000000ZABCDEFGHJKMNPQRS-1"


def test_a_key_and_the_body_that_names_it_are_renamed_alike() -> None:
    tokens = Tokens()
    key, body = tokens.pattern(ORDER), tokens.pattern(json.dumps({"order_id": ORDER, "discount": "3 %"}))
    names = tokens.renamed(1, timedelta(days=30), 500)

    assert json.loads(body.written(names)) == {"order_id": key.written(names), "discount": "3 %"}
    assert key.written(names) < ORDER


def test_times_move_back_and_keep_six_decimals() -> None:
    assert renamed('"2026-03-01T08:00:00.000500Z"') == '"2026-02-28T08:00:00.000500Z"'


def test_days_move_back() -> None:
    assert renamed('{"day":"2026-03-01"}') == '{"day":"2026-02-28"}'


def test_an_invoice_continues_the_series_after_the_copies_before_it() -> None:
    assert renamed('"ob-us-2026-000007"', copy=3, originals=500) == '"ob-us-2026-001507"'


def test_the_digest_of_an_address_is_the_digest_of_the_new_address() -> None:
    digest = hashlib.sha256(b"buyer7@bench.example").hexdigest()
    address, new = renamed(f"buyer7@bench.example {digest}").split()

    assert address == "buyer7.3@bench.example"
    assert new == hashlib.sha256(b"buyer7.3@bench.example").hexdigest()


def test_other_digests_differ_from_copy_to_copy() -> None:
    key = "0680cbcef71036d299c1ebf8269007cb6334bfff0324c42ec01266c742568b6c"
    found = {renamed(key, copy=copy) for copy in range(1, 50)}

    assert len(found) == 49
    assert key not in found
    assert all(len(each) == 64 for each in found)


def test_what_is_no_id_stays() -> None:
    text = '{"sku":"OLJCESPC7Z","quantity":2,"amount":"19.99","street":"5 Market Street","rate":"0.0725","share":"7%s"}'

    assert renamed(text) == text
