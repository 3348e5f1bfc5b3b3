"""Rotations that are due are said, and stop nothing."""

from __future__ import annotations

from datetime import date

import pytest

from policy.facts.rotations import overdue
from policy.graph import Graph
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource

PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token


@pytest.mark.parametrize(
    ("keepers", "today", "due"),
    [
        ({"rotation": "2026-08"}, date(2026, 10, 30), False),
        ({"rotation": "2026-08"}, date(2026, 10, 31), True),
        ({"rotation": "2026-08"}, date(2027, 1, 1), True),
        ({"rotation": "soon"}, date(2027, 1, 1), False),
        ({}, date(2027, 1, 1), False),
        (None, date(2027, 1, 1), False),
        (UNKNOWN, date(2027, 1, 1), False),
    ],
)
def test_a_label_older_than_ninety_days_is_due(keepers: Plain, today: date, *, due: bool) -> None:
    password = resource(PASSWORD, "redis", {"keepers": keepers})
    expected = ["redis: last rotated in 2026-08, more than 90 days ago; rotate it"] if due else []
    assert list(overdue(Graph.of(password), today)) == expected
