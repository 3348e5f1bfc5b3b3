"""Rotations rehearsed on the engine, one edit of the stack file after the other: what each changes, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import ROOT, Project, Result
from tests.stack_files import changed

SINGLE = {"kind": "single", "label": "2026-11"}
ROTATING = {"kind": "rotating", "label": "2026-12", "previous": "2026-11"}
TURNED = {"kind": "rotating", "label": "2026-11", "previous": "2026-12"}
FINISHED = {"kind": "single", "label": "2026-12"}


@dataclass
class Rehearsal:
    begun: Result
    jumped: Result
    rotating: Result
    turned: Result
    given_up: Result
    finished: Result
    jwt: Result
    database: Result


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Rehearsal:
    def file(**fields: object) -> dict[str, Any]:
        # The dev stack, protected as production is.
        return {"tmi:stack": changed("dev", deletion_protection=True, **fields)}

    project = Project(tmp_path_factory.mktemp("rotation"), cli, ROOT / "__main__.py", file(), None)

    def up(settings_key: dict[str, str]) -> Result:
        project.write_config(file(secrets__settings_key=settings_key))
        return project.up(thorough=False)

    def preview(settings_key: dict[str, str], **fields: object) -> Result:
        project.write_config(file(secrets__settings_key=settings_key, **fields))
        return project.preview()

    return Rehearsal(
        begun=up(SINGLE),
        jumped=preview(FINISHED),
        rotating=up(ROTATING),
        turned=preview(TURNED),
        given_up=preview(SINGLE),
        finished=up(FINISHED),
        jwt=preview(FINISHED, secrets__rotation__jwt="2026-12"),
        database=preview(FINISHED, secrets__rotation__database="2026-12"),
    )


def key(label: str) -> set[str]:
    """Everything that belongs to one settings key."""
    name = f"secrets-settings-{label}-key"
    return {name, *(f"{name}-{part}" for part in ("value", "secret", "policy", "version"))}


POD = {
    # what the pod mounts, and the pod, which therefore rolls
    "server-secrets-files": "replace",
    "server-hub-deployment": "update",
}


def due_again(label: str) -> dict[str, str]:
    """The reminder of what a label names."""
    return dict.fromkeys((f"rotation-reminders-{label}", f"rotation-reminders-{label}-topic"), "update")


def test_a_rotation_makes_a_second_key_and_keeps_the_first(rehearsal: Rehearsal) -> None:
    assert rehearsal.begun.exit_code == rehearsal.rotating.exit_code == 0
    assert rehearsal.rotating.changed == {
        **dict.fromkeys(key("2026-12"), "create"),
        **due_again("settings-key"),
        "server-secrets-reader-policy": "update",
        **POD,
    }
    assert key("2026-11") | key("2026-12") <= set(rehearsal.rotating.names)


def test_the_key_before_leaves_last(rehearsal: Rehearsal) -> None:
    assert rehearsal.finished.exit_code == 0
    assert rehearsal.finished.changed == {
        **dict.fromkeys(key("2026-11"), "delete"),
        "server-secrets-reader-policy": "update",
        **POD,
    }


def test_the_only_key_is_not_lost_by_leaving_out_a_step(rehearsal: Rehearsal) -> None:
    assert rehearsal.jumped.exit_code != 0
    assert any("secrets-settings-2026-11-key-value" in each and "protected" in each for each in rehearsal.jumped.errors)
    assert key("2026-11") <= set(rehearsal.rotating.names)


def test_a_rotation_is_turned_round_by_exchanging_the_keys(rehearsal: Rehearsal) -> None:
    assert rehearsal.turned.exit_code == 0
    # The policy names the same two secrets, in the other order.
    assert rehearsal.turned.changed == POD | due_again("settings-key") | {"server-secrets-reader-policy": "update"}


def test_a_rotation_is_not_given_up_at_once_for_something_is_encrypted_with_the_new_key(rehearsal: Rehearsal) -> None:
    assert rehearsal.given_up.exit_code != 0
    assert any("secrets-settings-2026-12-key-value" in each for each in rehearsal.given_up.errors)


def test_a_new_key_for_tokens_rolls_the_pod(rehearsal: Rehearsal) -> None:
    assert rehearsal.jwt.exit_code == 0
    assert rehearsal.jwt.changed == {
        "secrets-jwt-value": "replace",
        "secrets-jwt-version": "replace",
        **due_again("jwt"),
        # A preview does not know yet that a secret's ARN stays the same when its value is stored anew.
        "server-secrets-reader-policy": "update",
        **POD,
    }


def test_new_passwords_reach_the_server_the_job_the_pod_and_the_dump(rehearsal: Rehearsal) -> None:
    assert rehearsal.database.exit_code == 0
    assert rehearsal.database.changed == {
        "secrets-database-master-main-value": "replace",
        "secrets-database-master-main-version": "replace",
        "secrets-database-owner-value": "replace",
        "secrets-database-owner-version": "replace",
        **due_again("database"),
        "database-main-primary": "update",
        # the URL holds TMI's password
        "database-url-version": "replace",
        # the job that tells the server TMI's password
        "server-database-secrets-files": "replace",
        "server-database-job": "replace",
        # as above
        "server-database-secrets-reader-policy": "update",
        "server-secrets-reader-policy": "update",
        "database-dump-secrets-reader-policy": "update",
        "database-dump-secrets-files": "replace",
        "database-dump-job": "update",
        **POD,
    }
