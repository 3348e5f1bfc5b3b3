"""What every PostgreSQL of the platform is told by its parameter group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from components.settings.data import AutomaticMinor, EngineVersion, PinnedMinor


class ApplyMethod(StrEnum):
    """When a changed value is applied. A new server starts with all.

    RDS refuses `immediate` for a static parameter (`InvalidParameterCombination`) and takes `pending-reboot` for either
    kind. A running server takes a static one up at the reboot that an operator chooses; no maintenance window does it.
    Source: Amazon RDS User Guide, parameter groups for DB instances.
    """

    IMMEDIATE = "immediate"
    PENDING_REBOOT = "pending-reboot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter that differs from RDS's default."""

    name: str
    """Its name in the parameter group."""
    value: str
    """Its value, in PostgreSQL's unit."""
    apply: ApplyMethod
    """When a change of it takes effect."""
    why: str
    """The reason for the value."""


_LIBRARIES: Final = ("pg_stat_statements",)
"""Loaded at the start of the server alone, and so a static parameter."""
_AUTO_EXPLAIN: Final = "auto_explain"

_ALWAYS: Final = (
    Parameter(
        name="rds.force_ssl",
        value="1",
        apply=ApplyMethod.PENDING_REBOOT,
        why="Refuses whoever does not speak TLS. The default since PostgreSQL 15, said aloud to be checked.",
    ),
    Parameter(
        name="ssl_min_protocol_version",
        value="TLSv1.2",
        apply=ApplyMethod.PENDING_REBOOT,
        why="TLS 1.0 and 1.1 are deprecated by RFC 8996.",
    ),
    Parameter(
        name="log_min_duration_statement",
        value="1000",
        apply=ApplyMethod.IMMEDIATE,
        why="Milliseconds. TMI's statements take a few; one of a second is worth a line.",
    ),
    Parameter(
        name="log_parameter_max_length",
        value="0",
        apply=ApplyMethod.IMMEDIATE,
        why="Bytes. The values a slow statement was run with are users' data and do not belong in a log.",
    ),
    Parameter(
        name="log_connections",
        value="1",
        apply=ApplyMethod.IMMEDIATE,
        why="Who connected, from where, with which TLS version.",
    ),
    Parameter(
        name="log_lock_waits",
        value="1",
        apply=ApplyMethod.IMMEDIATE,
        why="TMI's transactions are serializable; a wait beyond deadlock_timeout explains a slow request.",
    ),
    Parameter(
        name="idle_in_transaction_session_timeout",
        value="60000",
        apply=ApplyMethod.IMMEDIATE,
        why="Milliseconds. TMI ends a request after 35 s; what stays open longer only holds locks and old rows.",
    ),
)
_PLANS: Final = (
    Parameter(
        name="auto_explain.log_min_duration",
        value="1000",
        apply=ApplyMethod.IMMEDIATE,
        why="Milliseconds. The plan of whatever log_min_duration_statement logs.",
    ),
)
"""Known to the server only while auto_explain is loaded. Its plans show constants, and from PostgreSQL 16 on the values
that a statement was run with too. So it is for a search that somebody watches."""


def parameters(*, auto_explain: bool) -> tuple[Parameter, ...]:
    """What a server is told, in the order of the group; with the plans of slow statements where they are asked for.

    Off means that auto_explain is not even loaded: it costs a little at each statement.
    """
    libraries = (*_LIBRARIES, _AUTO_EXPLAIN) if auto_explain else _LIBRARIES
    preload = Parameter(
        name="shared_preload_libraries",
        value=",".join(libraries),
        apply=ApplyMethod.PENDING_REBOOT,
        why="pg_stat_statements counts by statement, which Database Insights shows.",
    )
    return (*_ALWAYS, preload, *(_PLANS if auto_explain else ()))


def version_of(engine_version: EngineVersion) -> str:
    """The version RDS is asked for: a bare major, which never lowers a server's minor, or an exact one.

    Source: Amazon RDS API Reference, ModifyDBInstance, EngineVersion.
    """
    match engine_version:
        case AutomaticMinor(major=major):
            return major
        case PinnedMinor(version=version):
            return version


def family(engine_version: str) -> str:
    """The parameter group's family for a version of PostgreSQL; the major decides."""
    return f"postgres{engine_version.partition('.')[0]}"
