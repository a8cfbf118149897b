from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.values.clock import Timestamp, rfc3339, utc_now

stamps: TypeAdapter[datetime] = TypeAdapter(Timestamp)
moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.timezones())  # noqa: DTZ001


@given(moments, moments)
def test_texts_order_as_times(one: datetime, other: datetime) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one.astimezone(UTC) < other.astimezone(UTC))


@given(moments)
def test_a_time_is_read_back_in_utc(moment: datetime) -> None:
    read = stamps.validate_json(stamps.dump_json(stamps.validate_python(moment)))

    assert (read, read.utcoffset()) == (moment.astimezone(UTC), timedelta(0))


def test_a_time_is_written_in_utc_with_z_and_six_decimals() -> None:
    moment = datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=1)))

    assert rfc3339(moment) == "2026-11-20T08:00:00.000000Z"


def test_refuses_a_time_without_its_zone() -> None:
    with pytest.raises(ValidationError):
        stamps.validate_json('"2026-11-20T08:00:00"')


def test_the_machine_is_asked_in_utc() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_is_outside_the_calendar_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="years 1 to 9999"):
        TypeAdapter(Timestamp).validate_python(text)
