"""TMI's security events are found in its log as the log shipper ships it, each in its own lines and in no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.monitoring.security_events import (
    EVENTS,
    PLAINTEXT_SETTINGS,
    SecurityEvent,
    filter_pattern,
    metric_namespace,
    security_events,
)
from components.monitoring.tables.logs import logs
from tests.alarms import arguments
from tests.log_lines import EVERYDAY, SAMPLES, shipped
from tests.log_patterns import matches

ALL = {event.name: event for event in security_events(settings_encryption=True)}

LINES = [(name, shipped(*sample)) for name, samples in SAMPLES.items() for sample in samples]


def test_every_event_has_samples() -> None:
    assert set(SAMPLES) == set(ALL)
    for name, event in ALL.items():
        found = [[sample for sample in SAMPLES[name] if sample[1].startswith(begin)] for begin in event.messages]
        assert all(found), f"a message of {name} is in no sample"


@pytest.mark.parametrize("event", ALL.values(), ids=ALL)
def test_a_pattern_finds_its_own_lines_and_no_other(event: SecurityEvent) -> None:
    assert [name for name, line in LINES if matches(filter_pattern(event), line)] == [event.name] * len(
        SAMPLES[event.name]
    )


@pytest.mark.parametrize("event", ALL.values(), ids=ALL)
def test_everyday_lines_are_no_event(event: SecurityEvent) -> None:
    assert not [line for line in EVERYDAY if matches(filter_pattern(event), shipped(*line))]


@pytest.mark.parametrize("event", ALL.values(), ids=ALL)
def test_nobody_else_can_make_an_event(event: SecurityEvent) -> None:
    sample = SAMPLES[event.name][0]
    assert matches(filter_pattern(event), shipped(*sample))
    assert not matches(filter_pattern(event), shipped(*sample, container="haproxy"))
    assert not matches(filter_pattern(event), shipped(*sample, namespace="other"))
    assert not matches(filter_pattern(event), sample[1])


@pytest.mark.parametrize("event", ALL.values(), ids=ALL)
def test_a_pattern_fits_what_cloudwatch_accepts(event: SecurityEvent) -> None:
    assert len(filter_pattern(event)) <= 1024
    assert event.reason
    assert event.meaning


def test_a_missing_settings_key_is_an_event_where_there_should_be_one() -> None:
    assert PLAINTEXT_SETTINGS in security_events(settings_encryption=True)
    assert security_events(settings_encryption=False) == EVENTS


def test_an_alarm_counts_what_its_filter_counts() -> None:
    of_logs = arguments().logs
    watched = logs(replace(of_logs, events=(ALL["token-lockouts"],), archive=None, anomaly_detection=False))
    (row,) = watched.alarms
    metric = row.metrics["lines"]
    assert (metric.namespace, metric.name) == (metric_namespace("tmi-test"), "token-lockouts")
    assert (row.name, row.threshold, row.missing) == ("security-token-lockouts", 0, "notBreaching")


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ('{ $.a.b = "x*" }', '{"a": {"b": "xyz"}}', True),
        ('{ $.a.b = "x*" }', '{"a": {"b": "axyz"}}', False),
        ('{ $.a = "x" }', '{"b": "x"}', False),
        ('{ ($.a = "1") && (($.b = "2") || ($.b = "3")) }', '{"a": "1", "b": "3"}', True),
        ('{ ($.a = "1") && (($.b = "2") || ($.b = "3")) }', '{"a": "2", "b": "3"}', False),
        ('{ $.a = "[x]" }', '{"a": "[x]"}', True),
        ('{ $.a = "[x]" }', '{"a": "x"}', False),
        ('{ $.a = "x" }', "no JSON", False),
    ],
)
def test_the_evaluator_reads_patterns_as_cloudwatch_does(pattern: str, line: str, *, found: bool) -> None:
    assert matches(pattern, line) is found


@pytest.mark.parametrize(
    "pattern", ['{ $.a = "x"', "{ $.a > 1 }", '{ $.a != "x" }', "ERROR", '{ ($.a = "x" }', "[a, b]", '{ $.a = "x" } y']
)
def test_the_evaluator_refuses_what_it_cannot_read(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"no |left over"):
        matches(pattern, '{"a": "x"}')
