"""Parameters of PostgreSQL: what it logs, what it does not, and which TLS it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import Plain, elements, read

_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"
_ON: Final = ("1", "on", "true", "yes")
_STATEMENTS: Final = ("ddl", "mod", "all")
_SLOW: Final = "log_min_duration_statement"
_TLS: Final = ("TLSv1.2", "TLSv1.3")


def statements_logged(graph: Graph) -> Iterator[Violation]:
    """PostgreSQL logs slow statements, or those that change something, or has pgaudit do it."""
    for group in _groups(graph):
        slow, kind, loaded = (_value(group, each) for each in (_SLOW, "log_statement", "shared_preload_libraries"))
        audited = isinstance(loaded, str) and "pgaudit" in [each.strip() for each in loaded.split(",")]
        if not (_is_logged(slow) or kind in _STATEMENTS or audited):  # absent: -1, which is never, and none
            yield Violation(group, f"{_SLOW} must be 0 or more, or log_statement one of {', '.join(_STATEMENTS)}")


def values_unlogged(graph: Graph) -> Iterator[Violation]:
    """Where statements are logged, the values that they are called with are not."""
    for group in _groups(graph):
        logged = _is_logged(_value(group, _SLOW)) or _value(group, "log_statement") in _STATEMENTS
        if logged and _text(_value(group, "log_parameter_max_length")) != "0":  # absent: -1, which is all of them
            yield Violation(group, "log_parameter_max_length must be 0, as statements are logged")


def connections_logged(graph: Graph) -> Iterator[Violation]:
    """PostgreSQL logs each connection."""
    for group in _groups(graph):
        if _text(_value(group, "log_connections")) not in _ON:  # absent: off
            yield Violation(group, "log_connections must be 1")


def tls_current(graph: Graph) -> Iterator[Violation]:
    """PostgreSQL speaks TLS 1.2 or later."""
    for group in _groups(graph):
        least = _value(group, "ssl_min_protocol_version")
        if least is not None and least not in _TLS:  # absent: TLSv1.2
            yield Violation(group, f"ssl_min_protocol_version must be {' or '.join(_TLS)}")


def _groups(graph: Graph) -> list[Resource]:
    """The parameter groups of PostgreSQL that an instance of the stack names."""
    attached = {
        group.urn: group
        for instance in graph.of_type(DATABASE)
        for group in graph.references(instance, "parameterGroupName", {_GROUP})
    }
    return [group for group in attached.values() if _is_postgres(group.get("family"))]


def _is_postgres(family: Plain) -> bool:
    return not isinstance(family, str) or family.startswith("postgres")


def _value(group: Resource, name: str) -> Plain:
    """The value that a group gives a parameter, the last one if several; `None` if it gives none."""
    found = [read(each, "value") for each in elements(group.get("parameters")) if read(each, "name") == name]
    return found[-1] if found else None


def _text(value: Plain) -> str:
    return str(value).lower()


def _is_logged(value: Plain) -> bool:
    """Whether a duration in milliseconds is one from which statements are logged."""
    return _text(value).isdecimal()


STATEMENTS_LOGGED: Final = GraphRule(
    about=Description(
        id="statements-logged",
        title="PostgreSQL logs slow statements, or those that change something",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.36", "WA SEC04", "WA PERF05"),
        why="What made the database slow, or who changed a table, is not to be found out afterwards.",
        remediation=f"Set {_SLOW} or log_statement in the parameter group, or load pgaudit.",
    ),
    check=statements_logged,
)
VALUES_UNLOGGED: Final = GraphRule(
    about=Description(
        id="values-unlogged",
        title="PostgreSQL logs no values of statements",
        severity=Severity.HIGH,
        frameworks=("WA SEC08",),
        why="Bound values are tokens, addresses and the text of threat models; by default PostgreSQL writes them next "
        "to each statement that it logs, and the logs are read by more people than the tables.",
        remediation="Set log_parameter_max_length to 0 in the parameter group.",
    ),
    check=values_unlogged,
)
CONNECTIONS_LOGGED: Final = GraphRule(
    about=Description(
        id="connections-logged",
        title="PostgreSQL logs connections",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.36", "WA SEC04"),
        why="Who was in the database when it happened is asked after every incident.",
        remediation="Set log_connections to 1 in the parameter group.",
    ),
    check=connections_logged,
)
TLS_CURRENT: Final = GraphRule(
    about=Description(
        id="postgres-tls-current",
        title="PostgreSQL speaks TLS 1.2 or later",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.38", "WA SEC09"),
        why="TLS 1.0 and 1.1 are broken; a client that may choose can be made to choose them.",
        remediation="Leave ssl_min_protocol_version out of the parameter group, or set it to TLSv1.2.",
    ),
    check=tls_current,
)
