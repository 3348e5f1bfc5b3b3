"""A message says what is wrong and leads on: to its runbook, and to the dashboard that shows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from components.monitoring.alarms import source, watched
from components.monitoring.incidents import OUTAGES
from components.monitoring.layout import dashboard_address, dashboard_name
from components.monitoring.messages import LONGEST, Source, message, runbook
from components.monitoring.rows import Severity, Tier
from tests.alarms import arguments

ROOT: Final = Path(__file__).parents[2]
ARGS: Final = arguments()
WORDIEST: Final = Source(
    stack_name="a" * 20,
    region="ap-southeast-1",
    # As long as a value of a tag may be, and the repository is one.
    repository=f"https://gitlab.com/{'a' * (256 - len('https://gitlab.com/'))}",
)
SAID: Final = [
    *((row.severity, row.meaning, row.runbook, tier) for tier, each in watched(ARGS).items() for row in each.alarms),
    *((Severity.PAGE, outage.meaning, outage.runbook, None) for outage in OUTAGES),
]
NAMES: Final = [
    *(row.name for each in watched(ARGS).values() for row in each.alarms),
    *(outage.incident.value for outage in OUTAGES),
]


@pytest.mark.parametrize("said", SAID, ids=NAMES)
def test_a_message_says_how_soon_what_and_where_to_read_on(said: tuple[Severity, str, str, Tier | None]) -> None:
    severity, meaning, name, tier = said
    first, second, third = message(source(ARGS), *said).splitlines()
    assert first == f"[{severity}] {meaning}"
    assert second == f"Runbook: docs/runbooks/{name}.md"
    assert (ROOT / second.removeprefix("Runbook: ")).is_file()
    assert third.endswith(f"/dashboard/{dashboard_name('tmi-test', tier)}")


@pytest.mark.parametrize("said", SAID, ids=NAMES)
def test_cloudwatch_takes_the_longest_that_a_stack_file_can_make(
    said: tuple[Severity, str, str, Tier | None],
) -> None:
    assert len(WORDIEST.repository) == 256
    assert len(message(WORDIEST, *said)) <= LONGEST


def test_an_outage_leads_to_the_page_for_whoever_is_on_call() -> None:
    assert message(source(ARGS), Severity.PAGE, "Gone.", "service-down", None).endswith("/tmi-test-on-call")


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ("https://git.example.com/tmi", "docs/runbooks/pods.md"),
        ("https://github.com/example/tmi", "https://github.com/example/tmi/blob/HEAD/docs/runbooks/pods.md"),
        ("https://github.com/example/tmi.git", "https://github.com/example/tmi/blob/HEAD/docs/runbooks/pods.md"),
        ("https://github.com/example/tmi/", "https://github.com/example/tmi/blob/HEAD/docs/runbooks/pods.md"),
        ("https://gitlab.com/a/b/tmi", "https://gitlab.com/a/b/tmi/-/blob/HEAD/docs/runbooks/pods.md"),
        # Another host, whatever its name ends with.
        ("https://github.com.example.com/tmi", "docs/runbooks/pods.md"),
    ],
)
def test_a_runbook_is_an_address_where_the_host_is_known(repository: str, expected: str) -> None:
    assert runbook("pods", repository) == expected
    assert expected in message(replace(WORDIEST, repository=repository), Severity.INFO, "Few.", "pods", Tier.CLUSTER)


def test_a_dashboards_address_is_encoded() -> None:
    address = urlsplit(dashboard_address("eu-west-1", "a b/c?d#e"))
    assert (address.scheme, address.netloc) == ("https", "eu-west-1.console.aws.amazon.com")
    assert parse_qs(address.query) == {"region": ["eu-west-1"]}
    assert address.fragment == "dashboards/dashboard/a%20b%2Fc%3Fd%23e"
    assert unquote(address.fragment).endswith("a b/c?d#e")
