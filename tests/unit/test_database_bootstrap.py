"""The bootstrap job as it is declared. What its scripts do, a real PostgreSQL says in tests/servers."""

from __future__ import annotations

import pulumi_kubernetes as kubernetes
import pytest
from inline_snapshot import snapshot

from components.capacity import POOL_CONNECTIONS
from components.server.database_bootstrap import (
    MASTER_FILE,
    OWNER_FILE,
    connection_limit,
    scripts,
)
from components.settings.instance_classes import DATABASE_CLASSES, max_connections
from tests.manifests import manifest
from tests.server import server
from tests.servers.bootstrap_job import container, declared, job


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
            "CONNECTION_LIMIT": "360",
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
    classes = ("db.t4g.medium", "db.m7g.large", "db.t4g.medium")
    names = [job(declared(instance_class))["metadata"]["name"] for instance_class in classes]
    assert names[0] == names[2] != names[1]


def test_the_pool_is_the_one_tmi_is_told() -> None:
    variables = manifest(server().one(kubernetes.core.v1.ConfigMap, "server-environment"))["data"]
    assert variables["TMI_DB_MAX_OPEN_CONNS"] == str(POOL_CONNECTIONS)


@pytest.mark.parametrize("instance_class", DATABASE_CLASSES)
def test_somebody_else_gets_in_when_tmi_holds_all_it_may(instance_class: str) -> None:
    limit, all_of_them = connection_limit(instance_class), max_connections(instance_class)
    assert limit >= 2 * POOL_CONNECTIONS
    # RDS may compute with a tenth less memory than the class has by its name.
    assert all_of_them * 9 // 10 - limit >= 10


def test_the_limit_does_not_fall_while_pods_that_go_still_serve() -> None:
    alone = server("prod", server__topology={"kind": "single"}, server__expected_load__other_requests_per_minute=40)
    assert job(alone)["spec"] == job(server("prod"))["spec"]
