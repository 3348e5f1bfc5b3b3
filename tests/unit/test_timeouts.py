"""The time limits as what they have to be: each longer than the one it stands before or behind."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import timeouts
from components.server.environment import environment
from components.server.haproxy import configuration
from components.settings import InvalidSettingsError, parse
from components.settings.edge import LoadBalancerSettings
from tests.full_settings import TIMMY
from tests.stack_files import changed

FIELD = LoadBalancerSettings.model_json_schema()["properties"]["idle_timeout_seconds"]
BALANCER_IDLE = st.integers(FIELD["minimum"], FIELD["maximum"])
"""Every value that the stack file may give."""


def proxy(balancer_idle: int) -> dict[str, int]:
    text = configuration(
        domain="tmi.example.com",
        origins=["https://ui.example.com"],
        body_limit_mib=2,
        idle_timeout_seconds=balancer_idle,
        redis_endpoint="master.tmi.example.cache.amazonaws.com",
    )
    section = text.partition("defaults http\n")[2].partition("\n\n")[0]
    return {name: int(seconds) for name, seconds in re.findall(r"timeout ([a-z-]+) ([0-9]+)s", section)}


def tmi(balancer_idle: int) -> dict[str, int]:
    variables = environment(
        parse(changed("dev")).server,
        domain="tmi.example.com",
        edge_cidrs=["10.0.0.0/24"],
        idle_timeout_seconds=balancer_idle,
    )
    found = {name: re.fullmatch(r"TMI_SERVER_([A-Z]+)_TIMEOUT", name) for name in variables}
    return {match[1].lower(): int(variables[name].removesuffix("s")) for name, match in found.items() if match}


@given(balancer_idle=BALANCER_IDLE)
def test_who_sends_closes_first(balancer_idle: int) -> None:
    assert balancer_idle < timeouts.proxy_idle(balancer_idle) < timeouts.tmi_idle(balancer_idle)


@given(balancer_idle=BALANCER_IDLE)
def test_a_websocket_is_never_silent_for_as_long_as_any_hop_waits(balancer_idle: int) -> None:
    assert timeouts.WEBSOCKET_PING < timeouts.WEBSOCKET_READ_DEADLINE
    # One ping may be late by a whole turn.
    assert 2 * timeouts.WEBSOCKET_PING <= balancer_idle < timeouts.proxy_idle(balancer_idle)


@given(balancer_idle=BALANCER_IDLE)
def test_the_hop_next_to_the_cause_answers_a_slow_request(balancer_idle: int) -> None:
    assert timeouts.HANDLER < timeouts.WRITE < timeouts.PROXY_SERVER < balancer_idle


@given(balancer_idle=BALANCER_IDLE)
def test_proxy_and_tmi_are_told_these_figures(balancer_idle: int) -> None:
    idle = timeouts.proxy_idle(balancer_idle)
    assert proxy(balancer_idle) == {
        "connect": timeouts.PROXY_CONNECT,
        "http-request": timeouts.PROXY_REQUEST,
        "http-keep-alive": idle,
        "client": timeouts.PROXY_SERVER,
        "server": timeouts.PROXY_SERVER,
        "tunnel": idle,
    }
    assert tmi(balancer_idle) == {
        "read": timeouts.READ,
        "write": timeouts.WRITE,
        "idle": timeouts.tmi_idle(balancer_idle),
    }


ANSWER = st.integers(50, 600)
"""Every value that the stack file may give for Timmy, and that decides anything."""


@given(answer=ANSWER)
def test_with_a_model_the_proxy_waits_longer_than_tmi_and_the_balancer_longest(answer: int) -> None:
    assert max(answer, timeouts.WRITE) < timeouts.proxy_server(answer)
    assert timeouts.proxy_server(None) == timeouts.PROXY_SERVER <= timeouts.proxy_server(answer)
    idle = timeouts.proxy_server(answer) + 1
    fields = {"load_balancer__idle_timeout_seconds": idle, "server__timmy": with_answer(answer)}
    assert parse(changed("dev", **fields)).load_balancer.idle_timeout_seconds == idle
    with pytest.raises(InvalidSettingsError):
        parse(changed("dev", **fields | {"load_balancer__idle_timeout_seconds": idle - 1}))


def with_answer(seconds: int) -> dict[str, object]:
    return {**TIMMY, "limits": {**TIMMY["limits"], "answer_seconds": seconds}}


def test_a_stalled_request_ends_at_the_proxy() -> None:
    assert timeouts.PROXY_CONNECT < timeouts.PROXY_REQUEST < timeouts.READ


def test_a_pod_ends_in_good_order() -> None:
    assert timeouts.STOP_DELAY + timeouts.HARD_EXIT < timeouts.GRACE
    assert timeouts.WRITE <= timeouts.HARD_EXIT
    assert timeouts.PROXY_HARD_STOP < timeouts.GRACE - timeouts.STOP_DELAY


def test_the_balancer_hears_of_a_leaving_pod_before_it_stops() -> None:
    assert timeouts.HEALTH_TIMEOUT < timeouts.HEALTH_INTERVAL < timeouts.STOP_DELAY


def test_the_proxy_stops_as_it_is_told() -> None:
    text = configuration(
        domain="tmi.example.com",
        origins=["https://ui.example.com"],
        body_limit_mib=2,
        idle_timeout_seconds=120,
        redis_endpoint="master.tmi.example.cache.amazonaws.com",
    )
    assert f"\n    hard-stop-after {timeouts.PROXY_HARD_STOP}s\n" in text
