from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from sandbox.workspace import call
from tests.engine.programs import GENERATED, LONG_RETENTION, QUEUES, queues

if TYPE_CHECKING:
    from tests.engine.conftest import MakeProject


def test_a_stack_comes_up_changes_and_goes_away(project: MakeProject) -> None:
    stack = project(QUEUES, queues(orders=600, bills=600, mails=600))

    planned = stack.preview()
    assert planned.exit_code == 0
    assert planned.summary.counts == {"created": 5}
    assert planned.summary.outputs == {"arns": dict.fromkeys(["orders", "bills", "mails"], "[unknown]")}
    assert planned.names == []

    created = stack.up()
    assert created.exit_code == 0
    assert created.names == ["account", "queues", "queues-bills", "queues-mails", "queues-orders"]
    assert created.summary.counts == {"created": 5}
    assert created.summary.outputs["arns"]["orders"].startswith("arn:aws:sqs:eu-west-1:111111111111:queues-orders-")

    again = stack.up()
    assert '"stackTrace"' not in stack.stack.state_file.read_text()
    assert again.changed == {}
    assert again.summary.counts == {"unchanged": 5}
    assert again.summary.outputs == created.summary.outputs

    stack.write_config(queues(orders=600, bills=900, mails=600))
    changed = stack.up()
    assert changed.changed == {"queues-bills": "update"}
    assert [step.changes for step in changed.summary.changed] == [("messageRetentionSeconds",)]

    assert stack.refresh().changed == {}

    gone = stack.destroy()
    assert gone.exit_code == 0
    assert gone.summary.counts == {"deleted": 5}
    assert gone.deployment is not None
    assert gone.deployment.get("resources") is None


def test_secrets_are_nowhere_in_the_clear(project: MakeProject) -> None:
    stack = project(GENERATED, {"tmi:oauthSecrets": {"partner": {"secure": "v1:of:another-key"}}})
    assert stack.up().exit_code == 0
    shown = json.loads(call(stack.stack, stack.cli, "stack", "output", "--json", "--show-secrets", "--stack", "test"))
    assert shown["client"] == {
        "corporate": "sandbox-client-secret-corporate",
        "partner": "sandbox-tmi-oauthSecrets-partner",
    }
    secrets = [shown["password"], *shown["client"].values()]
    assert len(shown["password"]) == 40

    files = [file for file in stack.stack.project.sandbox.rglob("*") if file.is_file()]
    assert stack.stack.state_file in files
    leaks = [(secret, file) for file in files for secret in secrets if secret.encode() in file.read_bytes()]
    assert leaks == []
    assert stack.up().summary.outputs == {"client": "[secret]", "password": "[secret]"}


def test_the_work_tree_is_left_as_it_was(project: MakeProject) -> None:
    stack = project(GENERATED, {"tmi:oauthSecrets": {"partner": {"secure": "v1:of:another-key"}}})
    before = {file: file.read_bytes() for file in stack.directory.iterdir()}
    assert stack.up().exit_code == 0
    after = {
        file: file.read_bytes() for file in stack.directory.iterdir() if file.name not in {".sandbox", "__pycache__"}
    }
    assert after == before


def test_a_run_leaves_the_interpreter_as_it_was(project: MakeProject) -> None:
    stack = project("import platform_of_the_test")
    (stack.directory / "platform_of_the_test.py").write_text("import pulumi\n\npulumi.export('edition', 1)\n")
    path, level = list(sys.path), logging.getLogger("asyncio").level
    assert stack.preview().summary.outputs == {"edition": 1}
    assert (sys.path, logging.getLogger("asyncio").level) == (path, level)
    (stack.directory / "platform_of_the_test.py").write_text("import pulumi\n\npulumi.export('edition', 'two')\n")
    assert stack.preview().summary.outputs == {"edition": "two"}


def test_the_program_runs_in_its_own_directory(project: MakeProject) -> None:
    stack = project("import pathlib\n\nimport pulumi\n\npulumi.export('text', pathlib.Path('text').read_text())")
    (stack.directory / "text").write_text("here")
    assert stack.preview().summary.outputs == {"text": "here"}


def test_an_error_of_the_program_is_told_once_and_as_it_is(project: MakeProject) -> None:
    stack = project("import pulumi\n\nraise pulumi.RunError('stack.a: too small\\nstack.b: too large')")
    refused = stack.preview()
    assert refused.exit_code != 0
    assert refused.errors == ["stack.a: too small\nstack.b: too large"]
    assert refused.summary.counts == {}


def test_a_run_needs_no_particular_directory(project: MakeProject) -> None:
    stack = project(
        "import pulumi\n\npulumi.export('a', 1)",
        policies=LONG_RETENTION,
    )
    command = [sys.executable, "-m", "sandbox", "preview", "test", "--project", str(stack.directory)]
    environment = {"PYTHONPATH": str(sys.path[0]), "PATH": "/usr/bin:/bin", "HOME": str(stack.cli.parents[3])}
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, env=environment)  # noqa: S603 -- our own interpreter
    assert done.returncode == 0, done.stderr
