"""What is compared is what the metric really counts: where that is not what its name suggests."""

from __future__ import annotations

import pytest

from components.monitoring.alarms import table
from components.monitoring.rows import Comparison
from tests.alarms import arguments

ROWS = {row.name: row for row in table(arguments())}


@pytest.mark.parametrize("role", ["hub", "pool"])
def test_restarts_since_the_last_look_are_compared_as_they_are(role: str) -> None:
    # A loop of one restart a minute has no rise.
    row = ROWS[f"{role}-restarts"]
    assert (row.expression, row.metrics["measured"].statistic, row.bad_periods, row.periods) == (None, "Sum", 1, 15)


@pytest.mark.parametrize("role", ["hub", "pool"])
def test_a_pod_that_lives_on_after_its_container_was_killed_keeps_no_alarm(role: str) -> None:
    row = ROWS[f"{role}-out-of-memory"]
    assert (row.expression, row.bad_periods, row.periods) == ("IF(killed > 0, restarts, 0)", 1, 15)


def test_a_handshake_that_fails_is_one_of_the_connections_that_were_opened() -> None:
    # Were the failures added to the connections, all of them failing would be half.
    row = ROWS["balancer-client-tls-errors"]
    assert row.expression == "IF(failed >= 100, 100 * failed / FILL(opened, 1), 0)"
    assert row.threshold == 50


@pytest.mark.parametrize("name", ["database-main-silent", "database-main-reporting-silent", "cache-001-silent"])
def test_a_store_that_reports_nothing_is_gone_after_five_minutes(name: str) -> None:
    # The page for TMI waits for it no longer than that.
    row = ROWS[name]
    assert (row.expression, row.threshold, row.comparison) == ("FILL(connections, -1)", 0, Comparison.BELOW)
    assert (row.bad_periods, row.periods, row.period_seconds) == (5, 5, 60)
