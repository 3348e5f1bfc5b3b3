"""What is told at once, what several alarms make together, and what holds a message back."""

from __future__ import annotations

from components.monitoring.alarms import table
from components.monitoring.incidents import BURNS, INCIDENTS, OUTAGES, SUPPRESSORS, firing, members
from components.monitoring.rows import Severity
from tests.alarms import ROWS, arguments

ARGS = arguments()


def test_only_what_users_notice_at_once_pages() -> None:
    alone = {name for name, row in ROWS.items() if row.severity is Severity.PAGE and row.incident is None}
    assert {each.incident.value for each in INCIDENTS if each.severity is Severity.PAGE} == {
        "database-down",
        "cache-down",
        "service-down",
        "availability-burn-1h",
        "availability-burn-6h",
        "latency-burn-1h",
        "latency-burn-6h",
    }
    assert alone == {
        "certificate-last-week",
        "database-main-connections",
        "database-main-wraparound",
        "database-main-reporting-connections",
        "database-main-reporting-storage",
        "cache-001-memory",
        "cache-002-memory",
        # Of another region, where no incident of ours can be made of it.
        "outside-tmi.example.com",
    }


def test_an_outage_pages_once() -> None:
    assert {outage.incident.value: members(outage, table(ARGS)) for outage in OUTAGES} == {
        "database-down": ("database-main-silent", "database-main-storage"),
        "cache-down": ("cache-001-silent", "cache-002-silent"),
        "service-down": (
            "deep-check-failed",
            "balancer-errors",
            "hub-no-healthy-target",
            "hub-server-errors",
            "hub-latency-p95",
            "pool-no-healthy-target",
            "pool-server-errors",
            "pool-latency-p95",
        ),
    }
    assert {each.incident: members(each, table(ARGS)) for each in BURNS} == {
        each.incident: (f"{each.incident}-long", f"{each.incident}-short") for each in BURNS
    }
    assert all(each.every and each.held_back_by == "any-outage" for each in BURNS)
    assert firing(["a", "b"], every=True) == 'ALARM("a") AND ALARM("b")'
    assert firing(["a", "b"], every=False) == 'ALARM("a") OR ALARM("b")'


def test_what_holds_back_stands_before_what_it_holds_back() -> None:
    order = [each.incident for each in INCIDENTS]
    for each in INCIDENTS:
        if each.held_back_by:
            assert max(map(order.index, SUPPRESSORS[each.held_back_by].incidents)) < order.index(each.incident)
