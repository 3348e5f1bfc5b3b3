"""A restore rehearsed on the engine, one edit of the stack file after the other: what each changes, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.settings.data import DatabaseInstanceSettings
from tests.engine.harness import ROOT, Project, Result
from tests.stack_files import changed, document

MAIN: dict[str, Any] = document("dev")["database"]["instances"]["main"]
MOMENT = {"kind": "point_in_time", "source": "tmi-dev-main", "time": "2026-11-27T03:00:00Z"}
REPLICA = {"instance_class": "db.t4g.medium", "zone": "eu-west-1b", "retiring": False}
SNAPSHOT = {"kind": "snapshot", "snapshot": "rds:tmi-dev-main-2026-11-26-02-10"}


def file(active: str, **instances: dict[str, Any]) -> dict[str, Any]:
    """The dev stack, protected as production is, with these primaries."""
    return {"tmi:stack": changed("dev", deletion_protection=True, database={"active": active, "instances": instances})}


def of(name: str) -> set[str]:
    """Everything that belongs to one primary."""
    database, secret = f"database-{name}", f"secrets-database-master-{name}"
    return {
        database,
        f"{database}-subnets",
        f"{database}-parameters",
        f"{database}-monitoring",
        f"{database}-monitoring-role",
        f"{database}-monitoring-service-role/AmazonRDSEnhancedMonitoringRole",
        f"{database}-primary",
        f"{database}-primary-postgresql-log",
        f"{database}-primary-upgrade-log",
        secret,
        f"{secret}-value",
        f"{secret}-secret",
        f"{secret}-policy",
        f"{secret}-version",
    }


@dataclass
class Rehearsal:
    begun: Result
    replica_removed_at_once: Result
    replica_retiring: Result
    replica_removed: Result
    restored: Result
    copied: Result
    moved: Result
    moved_back: Result
    tidied: Result
    mistaken: Result
    removed_at_once: Result
    retiring: Result
    removed: Result


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Rehearsal:
    before = MAIN | {"origin": MOMENT}
    config = file("main", main=MAIN | {"replicas": {"reporting": REPLICA}})
    project = Project(tmp_path_factory.mktemp("restoring"), cli, ROOT / "__main__.py", config, ROOT / "policy")

    def up(active: str, **instances: dict[str, Any]) -> Result:
        project.write_config(file(active, **instances))
        return project.up(thorough=False)

    def preview(active: str, **instances: dict[str, Any]) -> Result:
        project.write_config(file(active, **instances))
        return project.preview()

    return Rehearsal(
        begun=project.up(thorough=False),
        replica_removed_at_once=preview("main", main=MAIN),
        replica_retiring=up("main", main=MAIN | {"replicas": {"reporting": REPLICA | {"retiring": True}}}),
        replica_removed=up("main", main=MAIN),
        restored=up("main", main=MAIN, before=before),
        copied=preview("main", main=MAIN, before=before, copy=MAIN | {"origin": SNAPSHOT}),
        moved=up("before", main=MAIN, before=before),
        moved_back=preview("main", main=MAIN, before=before),
        # The moment is long past its retention: somebody tidies the file up.
        tidied=preview("before", main=MAIN, before=MAIN),
        mistaken=preview("before", main=MAIN | {"origin": SNAPSHOT}, before=before),
        removed_at_once=preview("before", before=before),
        retiring=up("before", main=MAIN | {"retiring": True}, before=before),
        removed=preview("before", before=before),
    )


def operations(result: Result, *, but: tuple[str, ...] = ("alarms-", "dashboards-")) -> dict[str, str]:
    """What was done, without what watches a server, which comes and goes with it."""
    return {name: operation for name, operation in result.changed.items() if not name.startswith(but)}


OF_EVERY_SERVER = {
    # the key's policy lists the log groups of every server
    "encryption-logs": "update",
    # and these whose events are told
    "database-events-info": "update",
    "database-events-ticket": "update",
}
USERS = {
    # the URL, where it is kept, and who reads it
    "database-url-version": "replace",
    "server-secrets-files": "replace",
    "server-hub-deployment": "update",
    # the job prepares the other server: other address, other master
    "server-database-job": "replace",
    "server-database-secrets-files": "replace",
    "server-database-secrets-reader-policy": "update",
    # the daily dump is made of it, and backups are restored beside it as a test
    "database-dump-job": "update",
    "database-dump-destinations": "update",
    "backup-test-selection": "update",
    # runbooks ask its log
    "saved-queries-database-errors": "update",
    "saved-queries-database-slow-statements": "update",
}


def test_the_settings_are_those_of_a_stack_file() -> None:
    assert set(MAIN) == set(DatabaseInstanceSettings.model_fields)


def test_a_replica_does_not_go_by_a_slip(rehearsal: Rehearsal) -> None:
    refused = rehearsal.replica_removed_at_once
    assert refused.exit_code != 0
    assert any("database-main-replica-reporting" in error and "protected" in error for error in refused.errors)


def test_a_replica_leaves_in_two_steps_and_its_primary_is_not_touched(rehearsal: Rehearsal) -> None:
    assert rehearsal.replica_retiring.exit_code == rehearsal.replica_removed.exit_code == 0
    assert rehearsal.replica_retiring.changed == {"database-main-replica-reporting": "update"}
    assert operations(rehearsal.replica_removed) == {
        "database-main-replica-reporting": "delete",
        "database-main-replica-reporting-postgresql-log": "delete",
        "database-main-replica-reporting-upgrade-log": "delete",
        "database-main-monitoring-role": "update",
        **OF_EVERY_SERVER,
    }


def test_a_restore_stands_beside_the_live_primary_which_is_not_touched(rehearsal: Rehearsal) -> None:
    assert rehearsal.begun.exit_code == rehearsal.restored.exit_code == 0
    assert operations(rehearsal.restored) == dict.fromkeys(of("before"), "create") | OF_EVERY_SERVER
    assert "database-main-primary" in rehearsal.restored.names


def test_a_snapshot_is_restored_likewise(rehearsal: Rehearsal) -> None:
    assert rehearsal.copied.exit_code == 0
    assert operations(rehearsal.copied) == dict.fromkeys(of("copy"), "create") | OF_EVERY_SERVER


PAGES = {
    # without the active server TMI is down, without the other one it is not
    f"alarms-database-{name}": "update"
    for name in ("before-silent", "before-storage", "down", "main-silent", "main-storage")
}


def test_the_restore_becomes_active_and_its_users_follow(rehearsal: Rehearsal) -> None:
    assert rehearsal.moved.exit_code == 0
    assert rehearsal.moved.changed == USERS | PAGES
    address = rehearsal.moved.summary.outputs["database_address"]
    assert address.startswith("tmi-dev-before.")


def test_going_back_is_moving_back(rehearsal: Rehearsal) -> None:
    assert rehearsal.moved_back.exit_code == 0
    # A preview does not know yet that a secret's ARN stays the same when its value is stored anew.
    assert rehearsal.moved_back.changed == USERS | PAGES | {"server-secrets-reader-policy": "update"}


def test_an_origin_is_read_once(rehearsal: Rehearsal) -> None:
    assert rehearsal.tidied.exit_code == 0
    assert rehearsal.tidied.changed == {}


def test_a_restore_into_a_live_primary_is_refused_and_would_not_replace_it(rehearsal: Rehearsal) -> None:
    assert rehearsal.mistaken.exit_code != 0
    refused = {
        violation.policy for violation in rehearsal.mistaken.summary.violations if violation.level == "mandatory"
    }
    assert refused == {"storage-customer-key"}
    assert rehearsal.mistaken.changed == {"database-main-primary": "update"}


def test_the_old_primary_does_not_go_by_a_slip(rehearsal: Rehearsal) -> None:
    assert rehearsal.removed_at_once.exit_code != 0
    assert any("database-main-primary" in error and "protected" in error for error in rehearsal.removed_at_once.errors)
    assert "database-main-primary" in rehearsal.removed_at_once.names


def test_the_old_primary_leaves_last_in_two_steps(rehearsal: Rehearsal) -> None:
    assert rehearsal.retiring.exit_code == rehearsal.removed.exit_code == 0
    assert rehearsal.retiring.changed == {"database-main-primary": "update"}
    assert operations(rehearsal.removed) == dict.fromkeys(of("main"), "delete") | OF_EVERY_SERVER
    assert "database-before-primary" in rehearsal.removed.names
