"""The platform itself on the real engine: both stacks come up whole, change no more than asked, and go."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from components.settings import parse
from sandbox.cloud import Fault
from sandbox.state import resources
from sandbox.workspace import call
from tests.engine.harness import ROOT, Project, Result
from tests.stack_files import changed, document

PROGRAM = ROOT / "__main__.py"
POLICIES = ROOT / "policy"


def platform(directory: Path, cli: Path, stack: str) -> Project:
    return Project(directory, cli, PROGRAM, {"tmi:stack": document(stack)}, POLICIES)


@dataclass
class Life:
    """One stack from nothing to nothing."""

    failed: Result
    up: Result
    again: Result
    refreshed: Result
    changed: Result
    destroyed: Result


@pytest.fixture(scope="module")
def development(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Life:
    project = platform(tmp_path_factory.mktemp("dev"), cli, "dev")
    # The database fails in the middle: much is made already, much is still to come.
    fault = Fault(type="aws:rds/instance:Instance", name="database-main-primary", operation="create", message="no room")
    failed = project.up(fault)
    up = project.up(thorough=False)
    again = project.up(thorough=False)
    refreshed = project.refresh()
    project.write_config({"tmi:stack": changed("dev", server__log_level="warn", secrets__rotation__redis="2026-12")})
    altered = project.up(thorough=False)
    return Life(failed, up, again, refreshed, altered, project.destroy())


def test_a_failure_names_resource_and_reason(development: Life) -> None:
    assert development.failed.exit_code != 0
    assert any("no room" in error for error in development.failed.errors)
    assert "database-main-primary" not in development.failed.names
    assert len(development.failed.names) > 50


def test_the_next_run_completes_without_loss_or_doubling(development: Life) -> None:
    assert development.up.exit_code == 0
    assert len(development.up.names) == len(set(development.up.names))
    made_before = set(development.failed.names)
    created = {name for name, operation in development.up.changed.items() if operation == "create"}
    assert created.isdisjoint(made_before)
    assert created | made_before == set(development.up.names)


def test_every_output_is_known_at_the_end(development: Life) -> None:
    outputs = development.up.summary.outputs
    assert outputs["url"] == "https://tmi.dev.example.com"
    assert outputs["image_repository"] == "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev/tmi"
    topics = outputs["topic_arns"]
    assert set(topics) == {"page", "ticket", "info"}
    texts = [*topics.values(), *(value for name, value in outputs.items() if name != "topic_arns")]
    assert all(isinstance(text, str) and "unknown" not in text for text in texts)


def test_a_second_up_changes_nothing(development: Life) -> None:
    assert development.again.exit_code == 0
    assert development.again.changed == {}
    assert development.again.names == development.up.names


def test_nothing_has_drifted(development: Life) -> None:
    assert development.refreshed.exit_code == 0
    assert development.refreshed.names == development.up.names


def test_a_change_of_the_stack_file_changes_what_depends_on_it_and_nothing_else(development: Life) -> None:
    assert development.changed.exit_code == 0
    assert development.changed.changed == {
        # the rotated token, where it is kept, and who uses it
        "secrets-redis-value": "replace",
        "secrets-redis-version": "replace",
        "cache-group": "update",
        # names that follow content, so that the pod rolls
        "server-environment": "replace",
        "server-secrets-files": "replace",
        "server-hub-deployment": "update",
        "stream-trimming-secrets-files": "replace",
        "stream-trimming-job": "update",
        # and the day on which it is due again
        "rotation-reminders-redis": "update",
        "rotation-reminders-redis-topic": "update",
    }


def test_destroy_leaves_nothing(development: Life) -> None:
    assert development.destroyed.exit_code == 0
    assert development.destroyed.names == []
    assert resources(development.destroyed.deployment) == []


@dataclass
class Production:
    project: Project
    previewed: Result
    up: Result
    destroyed: Result


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Production:
    project = platform(tmp_path_factory.mktemp("prod"), cli, "prod")
    previewed, up = project.preview(), project.up(thorough=False)
    return Production(project, previewed, up, project.destroy())


def test_production_comes_up_within_its_policies(production: Production) -> None:
    for run in (production.previewed, production.up):
        assert run.exit_code == 0
        assert [violation for violation in run.summary.violations if violation.level == "mandatory"] == []
        assert "data-admits-groups-only" in run.summary.policies
    assert not any("undecided" in violation.message for violation in production.up.summary.violations)


def test_production_names_what_the_recovery_stack_has_to_name(production: Production) -> None:
    """What the outputs say can be written into the file of the stack there, and is what its comments promise."""
    copies = production.up.summary.outputs["recovery"]
    assert copies["region"] == document("recovery")["region"]
    origin = {"kind": "replicated_backup", "automated_backup": copies["automated_backup_arns"]["main"]}
    whole = changed(
        "recovery",
        secrets__settings_key={"kind": "existing"} | copies["settings_key"],
        load_balancer__certificate={"kind": "existing", "arn": copies["certificate_arn"]},
        database__instances__main__origin=origin | {"time": "latest"},
    )
    assert parse(whole).name == "tmi-recovery"


def test_production_is_not_deleted_by_a_slip(production: Production) -> None:
    assert production.destroyed.exit_code != 0
    assert production.destroyed.names == production.up.names
    assert production.destroyed.errors
    assert all("is protected" in error for error in production.destroyed.errors), production.destroyed.errors


@pytest.fixture(scope="module")
def failed_over(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> tuple[Result, Result]:
    project = platform(tmp_path_factory.mktemp("recovery"), cli, "recovery")
    return project.up(thorough=False), project.up(thorough=False)


def test_the_stack_of_the_recovery_region_comes_up_from_the_copies(failed_over: tuple[Result, Result]) -> None:
    up, again = failed_over
    assert up.exit_code == 0, up.errors
    assert {violation.level for violation in up.summary.violations} <= {"advisory"}
    assert set(up.changed.values()) == {"create"}
    assert {"database-main-primary", "database-main-replica-standby", "server-database-job"} <= up.changed.keys()
    # Images and settings key are those of the lost stack: none of its own.
    assert up.summary.outputs["image_repository"].endswith(".dkr.ecr.eu-central-1.amazonaws.com/tmi-prod/tmi")
    assert not [name for name in up.names if name.startswith(("registry-tmi", "secrets-settings-"))]
    assert again.changed == {}


def secrets_in(value: object) -> Iterator[str]:
    """Every decrypted secret text in a part of a deployment that was exported with --show-secrets."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        if isinstance(plaintext := members.get("plaintext"), str):
            yield from texts(json.loads(plaintext))
        for inner in members.values():
            yield from secrets_in(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from secrets_in(inner)


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from texts(inner)


def test_no_secret_stands_in_the_clear(production: Production) -> None:
    stack = production.project.stack
    deployment = json.loads(call(stack, production.project.cli, "stack", "export", "--show-secrets", "--stack", "test"))
    secrets = {secret for secret in secrets_in(deployment) if len(secret) >= 16}
    # two passwords, a token, two keys, a client secret, the database's URL
    assert len(secrets) >= 7
    assert any(secret.startswith("postgres://tmi:") for secret in secrets)
    spellings = {secret.encode() for secret in secrets}
    spellings |= {base64.b64encode(spelling) for spelling in spellings}
    files = [file for file in production.project.directory.rglob("*") if file.is_file()]
    assert stack.state_file in files
    assert stack.log_file in files
    # Pulumi may keep older states and its own copy of the configuration; every file counts.
    for file in files:
        content = file.read_bytes()
        assert not [secret for secret in spellings if secret in content], f"a secret stands in {file.name}"
    said = repr(production.up.events).encode()
    assert not [secret for secret in spellings if secret in said]


def copied(directory: Path) -> Path:
    """The program, its settings and its policies in a directory of their own."""
    shutil.copytree(ROOT / "components", directory / "components", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, directory)
    (directory / "policy").symlink_to(POLICIES)
    return directory


def sandbox(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- this project's own command line
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("cli")
def test_the_world_let_into_the_database_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    firewall = directory / "components" / "firewall.py"
    planted = firewall.read_text().replace(
        "Rule(Peer.PODS, Peer.DATABASE, 5432,", "Rule(Peer.CLIENTS, Peer.DATABASE, 5432,"
    )
    assert planted != firewall.read_text()
    firewall.write_text(planted)
    run = sandbox("up", "dev", "--project", str(directory))
    assert run.returncode == 1
    assert "data-admits-groups-only (firewall-clients-to-database-5432-0.0.0.0-0-in)" in run.stdout
    assert "internet -> firewall-database:5432" in run.stdout
    assert "Refused by policy" in run.stdout
    assert "is not up" in sandbox("export", "dev", "--project", str(directory)).stderr


@pytest.mark.usefixtures("cli")
def test_five_mistakes_of_a_stack_file_are_five_lines(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    file = directory / "Pulumi.dev.yaml"
    text = file.read_text()
    for old, new in (
        ("cidr: 10.64.0.0/16", "cidr: 10.64.0.0/30"),
        ("instance_class: db.t4g.medium", "instance_class: db.banana"),
        ("nodes: 1", "nodes: many"),
        ("tmi: 1.8.22", "tmi: latest"),
        ("    registry:", "    registri:"),
    ):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    run = sandbox("up", "dev", "--project", str(directory))
    assert run.returncode == 1
    lines = [line.strip() for line in run.stdout.splitlines() if line.startswith("      ")]
    assert [line.partition(":")[0] for line in lines] == [
        "cache.nodes",
        "database.instances.main.instance_class",
        "network.cidr",
        "registri",
        "registry",
        "server.images.tmi",
    ]
    assert "Traceback" not in run.stdout + run.stderr
    assert "is not up" in sandbox("export", "dev", "--project", str(directory)).stderr
