"""The bootstrap job as it is declared. What its scripts do, a real PostgreSQL says in tests/servers."""

from __future__ import annotations

from typing import Any, cast

import pulumi_kubernetes as kubernetes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from components.database_parameters import max_connections
from components.server.database_bootstrap import (
    MASTER_FILE,
    OWNER_FILE,
    connection_limit,
    scripts,
)
from components.server.environment import POOL_CONNECTIONS
from tests.manifests import manifest
from tests.server import server
from tests.servers.bootstrap_job import container, declared, job
from tests.stack_files import STACKS, document


def test_the_job_is_told_where_everything_is() -> None:
    assert dict(container().environment) == snapshot(
        {
            "PGHOST": "tmi-test-main.example.eu-west-1.rds.amazonaws.com",
            "PGPORT": "5432",
            "PGUSER": "tmi_master",
            "PGDATABASE": "postgres",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "/etc/tmi/rds/roots.pem",
            "PGCONNECT_TIMEOUT": "10",
            "CONNECTION_LIMIT": "32",
            "SECRETS": "/run/tmi/secrets",
            "SCRIPTS": "/etc/tmi/bootstrap",
        }
    )
    assert container().command == snapshot(("sh", "/etc/tmi/bootstrap/bootstrap.sh"))


def test_its_passwords_are_in_files_and_nowhere_else() -> None:
    script = scripts()["bootstrap.sh"]
    assert f'"$SECRETS/{MASTER_FILE}"' in script
    assert f'"$SECRETS/{OWNER_FILE}"' in script
    assert "value-of-" not in str([manifest(found) for found in declared().of(kubernetes.core.v1.ConfigMap)])
    assert not [name for name in container().environment if "PASSWORD" in name]


def test_it_runs_again_when_tmi_may_hold_more_connections() -> None:
    names = [job(declared(processes))["metadata"]["name"] for processes in (1, 2, 1)]
    assert names[0] == names[2] != names[1]


def test_the_pool_is_the_one_tmi_is_told() -> None:
    variables = manifest(server().one(kubernetes.core.v1.ConfigMap, "server-environment"))["data"]
    assert variables["TMI_DB_MAX_OPEN_CONNS"] == str(POOL_CONNECTIONS)


@given(st.integers(min_value=1, max_value=100))
def test_every_process_gets_its_pool_even_while_a_lost_one_still_counts(processes: int) -> None:
    assert connection_limit(processes) > (processes + 1) * POOL_CONNECTIONS
    assert connection_limit(processes + 1) - connection_limit(processes) == POOL_CONNECTIONS + 1


@pytest.mark.parametrize("stack", STACKS)
def test_the_server_has_room_for_tmi_and_for_people(stack: str) -> None:
    instances = cast("dict[str, dict[str, Any]]", document(stack)["database"]["instances"])
    for instance in instances.values():
        assert connection_limit(1) <= max_connections(instance["instance_class"]) // 2
