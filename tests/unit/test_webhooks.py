"""What TMI is told about webhooks, judged as TMI judges an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.choices import Delivery
from components.settings.operation import Alerting, AlertingWebhook, NoAlerting
from components.settings.variables.webhooks import allowed_receivers
from components.settings.webhooks import (
    EnabledWebhooks,
    ListedReceivers,
    NoWebhooks,
    PublicReceivers,
    Receivers,
    Webhooks,
)

LABELS = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
NONE = NoWebhooks(kind="none")
SILENT = NoAlerting(kind="none")
ALERTS = AlertingWebhook(kind="webhook", url="https://alerts.example.com/tmi")


def enabled(receivers: Receivers) -> EnabledWebhooks:
    return EnabledWebhooks(kind="enabled", delivery=Delivery.AT_LEAST_ONCE, receivers=receivers)


def called(webhooks: Webhooks, host: str, alerting: Alerting = SILENT) -> bool:
    """Whether TMI calls a host: one of the list, or one level below it; any, where there is no list.

    Source: TMI 1.8.22, api/ssrf_validator.go.
    """
    listed = allowed_receivers(webhooks, alerting)
    return listed is None or not {host, host.partition(".")[2]}.isdisjoint(listed.split(","))


@given(HOSTS)
def test_without_webhooks_nobody_is_called(host: str) -> None:
    assert not called(NONE, host)


def test_the_host_that_nobody_has_is_reserved_for_that() -> None:
    host = allowed_receivers(NONE, SILENT)
    assert host is not None
    assert host.endswith(".invalid")


@given(HOSTS)
def test_public_receivers_are_left_to_tmi(host: str) -> None:
    assert called(enabled(PublicReceivers(kind="public")), host)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("hooks.example.com", True),
        ("a.hooks.example.com", True),
        ("b.a.hooks.example.com", False),
        ("other.example.net", True),
        ("example.com", False),
        ("hooks.example.com.example.net", False),
    ],
)
def test_listed_receivers_are_called_and_no_other(
    host: str,
    expected: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    listed = ListedReceivers(kind="listed", hosts=("hooks.example.com", "other.example.net"))
    assert called(enabled(listed), host) is expected


@pytest.mark.parametrize(
    "webhooks",
    [
        NONE,
        enabled(ListedReceivers(kind="listed", hosts=("hooks.example.com",))),
        enabled(PublicReceivers(kind="public")),
    ],
)
def test_alerts_reach_their_receiver_whatever_becomes_of_webhooks(webhooks: Webhooks) -> None:
    assert called(webhooks, "alerts.example.com", ALERTS)
    assert called(webhooks, "other.example.com", ALERTS) is called(webhooks, "other.example.com")


def test_the_receiver_of_both_is_listed_once() -> None:
    both = enabled(ListedReceivers(kind="listed", hosts=("alerts.example.com",)))
    assert allowed_receivers(both, ALERTS) == "alerts.example.com"
