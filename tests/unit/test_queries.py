"""Saved queries read groups that are there, in commands that Insights knows, and find what they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi_aws as aws
import pytest

from components.monitoring.queries.query import Query
from components.monitoring.saved_queries import QUERIES
from reference.queries import RUNBOOKS, asked_by
from tests.log_lines import EVERYDAY, SAMPLES
from tests.stack_files import STACKS
from tests.stacks.program import recorded

BY_NAME = {query.name: query for query in QUERIES}
COMMANDS = ("fields", "filter", "limit", "parse", "sort", "stats")
"""Of the language, what is in use. Source: Amazon CloudWatch Logs User Guide, Logs Insights query syntax."""
OF_TMI = {"level", "msg", "request_id", "client_ip", "path", "duration"}
"""Fields of TMI's lines that queries may name. Source: TMI 1.8.22, context.go and request_logger.go of slogging."""


def expressions(query: Query) -> list[str]:
    """The regular expressions in a query."""
    return [found for line in query.lines for found in re.findall(r"(?:like|@message|parse) /((?:[^/\\]|\\.)+)/", line)]


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(QUERIES)
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+", name) for name in BY_NAME)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_is_made_of_known_commands(query: Query) -> None:
    assert query.lines[0].split()[0] in {"fields", "filter", "parse"}
    assert all(line.split()[0] in COMMANDS for line in query.lines)
    assert all(line.count('"') % 2 == 0 for line in query.lines)
    assert len(query.text) <= 10_000
    for expression in expressions(query):
        re.compile(expression.replace("(?<", "(?P<"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_answers_a_runbook(query: Query) -> None:
    assert asked_by(query)
    assert "?" in query.question


def named(text: str) -> set[str]:
    """The saved queries that a runbook names."""
    return set(re.findall(r"`STACK/([^`]+)`", text))


def typed(text: str) -> list[str]:
    """Commands of Logs Insights that whoever reads it would have to copy."""
    return [line for line in text.splitlines() if re.match(r"(\| )?(fields|filter|stats|parse) ", line)]


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_runbook_asks_by_saved_queries_that_are_there(path: Path) -> None:
    text = path.read_text()
    assert named(text) <= set(BY_NAME)
    assert typed(text) == []
    assert ("Logs Insights" in text) is bool(named(text))


def test_a_query_that_is_not_saved_is_found() -> None:
    assert named("the saved query `STACK/tmi/nothing`") == {"tmi/nothing"}
    assert typed('filter action = "BLOCK" | stats count(*)') == ['filter action = "BLOCK" | stats count(*)']


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_names_fields_that_tmi_writes(query: Query) -> None:
    assert set(re.findall(r"log_processed\.(\w+)", query.text)) <= OF_TMI


@pytest.mark.parametrize("stack", STACKS)
def test_every_group_is_there(stack: str) -> None:
    cloud = recorded(stack)
    made = {group.inputs["name"] for group in cloud.of(aws.cloudwatch.LogGroup)}
    saved = cloud.of(aws.cloudwatch.QueryDefinition)
    assert {name for query in saved for name in query.inputs["logGroupNames"]} <= made
    assert {query.inputs["name"] for query in saved} == {f"tmi-{stack}/{name}" for name in BY_NAME}


@pytest.mark.parametrize("name", ["security/events", "security/addresses"])
def test_all_security_events_are_found_and_nothing_else(name: str) -> None:
    (expression,) = expressions(BY_NAME[name])
    assert all(re.search(expression, message) for samples in SAMPLES.values() for _, message in samples)
    assert not [message for _, message in EVERYDAY if re.search(expression, message)]


def test_audit_lines_are_found() -> None:
    (expression,) = expressions(BY_NAME["security/administration"])
    assert [message for _, message in EVERYDAY if re.search(expression, message)] == [EVERYDAY[5][1]]


def test_a_refused_packet_is_read() -> None:
    reject, parse = expressions(BY_NAME["network/refused"])
    record = "2 111111111111 eni-0 203.0.113.7 10.64.1.2 51000 8443 6 1 40 1764331200 1764331260 REJECT OK vpc-0"
    assert re.search(reject, record)
    found = re.search(parse.replace("(?<", "(?P<"), record)
    assert found
    assert found.groupdict() == {"interface": "eni-0", "source": "203.0.113.7", "target": "10.64.1.2", "port": "8443"}


@pytest.mark.parametrize(
    ("address", "inside"),
    [("10.64.1.2", True), ("172.16.0.1", True), ("172.32.0.1", False), ("192.168.3.4", True), ("100.1.2.3", False)],
)
def test_outside_is_what_is_not_private(address: str, *, inside: bool) -> None:
    _, source, target = expressions(BY_NAME["network/outbound"])
    assert source == target
    assert bool(re.search(source, address)) is inside
