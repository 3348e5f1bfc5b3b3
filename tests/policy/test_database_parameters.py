"""What PostgreSQL logs and speaks."""

from __future__ import annotations

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import Resource
from policy.rule import Rule
from policy.rules.data.database_parameters import CONNECTIONS_LOGGED, STATEMENTS_LOGGED, TLS_CURRENT, VALUES_UNLOGGED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

GROUP = "aws:rds/parameterGroup:ParameterGroup"


def found(rule: Rule, parameters: Plain, family: Plain = "postgres17") -> list[str]:
    group = resource(GROUP, "group", {"family": family, "parameters": parameters})
    instance = resource(DATABASE, "it", parameterGroupName=group)
    assert violations(rule, group) == []  # attached to nothing, it says nothing
    return [message for _, message in violations(rule, group, instance)]


def given(**values: Plain) -> list[Plain]:
    return [{"name": name.replace("rds_", "rds."), "value": value} for name, value in values.items()]


UNLOGGED = "log_min_duration_statement must be 0 or more, or log_statement one of ddl, mod, all"
VALUES = "log_parameter_max_length must be 0, as statements are logged"


@pytest.mark.parametrize(
    ("parameters", "passes"),
    [
        (given(log_min_duration_statement="1000"), True),
        (given(log_min_duration_statement=0), True),
        (given(log_statement="ddl"), True),
        (given(shared_preload_libraries="pg_stat_statements, pgaudit"), True),
        (given(log_min_duration_statement="-1"), False),
        (given(log_statement="none"), False),
        (given(shared_preload_libraries="pg_stat_statements"), False),
        (given(log_min_duration_statement=UNKNOWN), False),
        (given(log_min_duration_statement="1\n2"), False),
        ([*given(log_min_duration_statement="5"), *given(log_min_duration_statement="-1")], False),
        (None, False),
        (UNKNOWN, False),
        ([UNKNOWN, 7, "x"], False),
    ],
)
def test_statements_are_logged(parameters: Plain, *, passes: bool) -> None:
    assert found(STATEMENTS_LOGGED, parameters) == ([] if passes else [UNLOGGED])


@pytest.mark.parametrize(
    ("parameters", "passes"),
    [
        (given(log_min_duration_statement="1000", log_parameter_max_length="0"), True),
        (given(log_min_duration_statement="1000", log_parameter_max_length=0), True),
        (given(log_min_duration_statement="1000"), False),
        (given(log_min_duration_statement="1000", log_parameter_max_length="-1"), False),
        (given(log_min_duration_statement="1000", log_parameter_max_length=UNKNOWN), False),
        (given(log_statement="all"), False),
        (given(log_min_duration_statement="-1"), True),
        (None, True),
        (UNKNOWN, True),
    ],
)
def test_values_are_not(parameters: Plain, *, passes: bool) -> None:
    assert found(VALUES_UNLOGGED, parameters) == ([] if passes else [VALUES])


@pytest.mark.parametrize(
    ("value", "passes"),
    [("1", True), (1, True), ("on", True), (True, True), ("0", False), ("off", False), (UNKNOWN, False), ([1], False)],
)
def test_connections_are_logged(value: Plain, *, passes: bool) -> None:
    expected = [] if passes else ["log_connections must be 1"]
    assert found(CONNECTIONS_LOGGED, given(log_connections=value)) == expected
    assert found(CONNECTIONS_LOGGED, []) == ["log_connections must be 1"]


@pytest.mark.parametrize(
    ("value", "passes"),
    [("TLSv1.2", True), ("TLSv1.3", True), ("TLSv1", False), ("TLSv1.1", False), (UNKNOWN, False), ("x\ny", False)],
)
def test_tls_is_current(value: Plain, *, passes: bool) -> None:
    expected = [] if passes else ["ssl_min_protocol_version must be TLSv1.2 or TLSv1.3"]
    assert found(TLS_CURRENT, given(ssl_min_protocol_version=value)) == expected
    assert found(TLS_CURRENT, None) == []


@pytest.mark.parametrize("rule", [STATEMENTS_LOGGED, CONNECTIONS_LOGGED], ids=lambda rule: rule.about.id)
@pytest.mark.parametrize(("family", "faults"), [("mysql8.0", 0), ("postgres14", 1), (UNKNOWN, 1), (None, 1)])
def test_another_engine_has_other_parameters(rule: Rule, family: Plain, faults: int) -> None:
    assert len(found(rule, [], family)) == faults


def test_a_group_that_serves_many_is_named_once() -> None:
    group = resource(GROUP, "group", {"family": "postgres17"})
    instances: list[Resource] = [resource(DATABASE, name, parameterGroupName=group) for name in ("one", "two")]
    assert violations(STATEMENTS_LOGGED, group, *instances) == [("group", UNLOGGED)]
