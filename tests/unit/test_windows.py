"""Windows of the week: how long they are, and what is outside them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.windows import length_minutes, rest_of_the_week

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7 * 24 * 60
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def text(minute: int) -> str:
    day, rest = divmod(minute, 24 * 60)
    return f"{DAYS[day]}:{rest // 60:02}:{rest % 60:02}"


@pytest.mark.parametrize(
    ("window", "length"),
    [
        ("sun:04:00-sun:05:00", 60),
        ("sun:23:30-mon:00:15", 45),
        ("mon:00:00-mon:00:00", 0),
        ("tue:00:00-mon:00:00", 8640),
    ],
)
def test_a_window_may_cross_midnight_and_the_end_of_the_week(window: str, length: int) -> None:
    assert length_minutes(window) == length


def within(minute: int, window: tuple[int, int]) -> bool:
    start, end = window
    return (minute - start) % WEEK < (end - start) % WEEK


@given(st.integers(0, WEEK - 1), st.integers(0, WEEK - 1), st.integers(0, WEEK - 1))
def test_every_minute_is_in_the_window_or_in_the_rest_and_never_in_both(start: int, end: int, now: int) -> None:
    schedule, duration = rest_of_the_week(f"{text(start)}-{text(end)}")
    minute, hour, day = re.fullmatch(r"(\d+) (\d+) \* \* (\d)", schedule).groups()  # pyright: ignore[reportOptionalMemberAccess]
    hours, minutes = re.fullmatch(r"(\d+)h(\d+)m", duration).groups()  # pyright: ignore[reportOptionalMemberAccess]
    moment = MONDAY + timedelta(minutes=now)
    # The last time the schedule came up: cron counts days from Sunday, Python's from Monday.
    at = MONDAY + timedelta(days=(int(day) - 1) % 7, hours=int(hour), minutes=int(minute))
    while at > moment:
        at -= timedelta(days=7)
    quiet = moment < at + timedelta(hours=int(hours), minutes=int(minutes))
    assert quiet is not within(now, (start, end))
