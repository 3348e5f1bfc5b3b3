"""What PostgreSQL is told, and what its class allows."""

from __future__ import annotations

import pytest

from components.database_parameters import PARAMETERS, family, max_connections
from components.settings.instance_classes import DATABASE_CLASSES

VALUES = {parameter.name: (parameter.value, parameter.apply) for parameter in PARAMETERS}


def test_each_parameter_is_set_once_and_for_a_reason() -> None:
    assert len(VALUES) == len(PARAMETERS)
    assert all(parameter.why for parameter in PARAMETERS)


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
