"""What PostgreSQL is told, and what its class allows."""

from __future__ import annotations

import pytest

from components.database_parameters import family, parameters, version_of
from components.settings.data import AutomaticMinor, PinnedMinor
from components.settings.instance_classes import DATABASE_CLASSES, max_connections

VALUES = {parameter.name: (parameter.value, parameter.apply) for parameter in parameters(auto_explain=False)}
EXPLAINED = {parameter.name: (parameter.value, parameter.apply) for parameter in parameters(auto_explain=True)}


@pytest.mark.parametrize("auto_explain", [True, False])
def test_each_parameter_is_set_once_and_for_a_reason(auto_explain: bool) -> None:  # noqa: FBT001 -- a case of the test
    told = parameters(auto_explain=auto_explain)
    assert len({parameter.name for parameter in told}) == len(told)
    assert all(parameter.why for parameter in told)


def test_plans_cost_nothing_where_nobody_asks_for_them() -> None:
    assert "auto_explain" not in str(VALUES)
    differing = {name for name in EXPLAINED if EXPLAINED[name] != VALUES.get(name)}
    assert differing == {"shared_preload_libraries", "auto_explain.log_min_duration"}
    # The library that others need is loaded either way.
    assert EXPLAINED["shared_preload_libraries"] == ("pg_stat_statements,auto_explain", "pending-reboot")
    assert EXPLAINED["auto_explain.log_min_duration"] == ("1000", "immediate")


def test_sessions_that_hold_locks_are_ended_and_waits_are_logged() -> None:
    assert VALUES["idle_in_transaction_session_timeout"] == ("60000", "immediate")
    assert VALUES["log_lock_waits"] == VALUES["log_connections"] == ("1", "immediate")


def test_a_version_is_a_major_or_exact() -> None:
    assert version_of(AutomaticMinor(kind="automatic", major="17")) == "17"
    assert version_of(PinnedMinor(kind="pinned", version="17.6")) == "17.6"


def test_tls_is_forced() -> None:
    assert VALUES["rds.force_ssl"][0] == "1"
    assert VALUES["ssl_min_protocol_version"][0] == "TLSv1.2"


def test_a_static_parameter_waits_for_a_reboot() -> None:
    assert VALUES["shared_preload_libraries"] == ("pg_stat_statements", "pending-reboot")


def test_users_data_stays_out_of_the_log() -> None:
    assert int(VALUES["log_min_duration_statement"][0]) > 0
    assert VALUES["log_parameter_max_length"][0] == "0"


@pytest.mark.parametrize(("version", "expected"), [("17", "postgres17"), ("17.6", "postgres17"), ("15", "postgres15")])
def test_the_major_decides_the_family(version: str, expected: str) -> None:
    assert family(version) == expected


@pytest.mark.parametrize(
    ("instance_class", "expected"),
    [("db.t4g.micro", 112), ("db.t4g.small", 225), ("db.m7g.large", 901), ("db.m7g.16xlarge", 5000)],
)
def test_connections_follow_the_class(instance_class: str, expected: int) -> None:
    assert max_connections(instance_class) == expected


@pytest.mark.parametrize("instance_class", sorted(DATABASE_CLASSES))
def test_every_class_has_a_limit(instance_class: str) -> None:
    assert 112 <= max_connections(instance_class) <= 5000
