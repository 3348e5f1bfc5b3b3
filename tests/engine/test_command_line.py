from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.__main__ import main
from tests.engine.harness import ROOT, Project
from tests.engine.programs import GENERATED, LONG_RETENTION, QUEUES, queues

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engine.conftest import MakeProject

    Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process; returns the exit code and all that it printed."""

    def call(project: Project, *arguments: str) -> tuple[int, str]:
        code = main([*arguments, "--project", str(project.directory)])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


def test_a_stack_is_brought_up_looked_at_and_taken_down(project: MakeProject, run: Run, tmp_path: Path) -> None:
    stack = project(QUEUES, queues(orders=600), policies=LONG_RETENTION)
    page = tmp_path / "summary.md"

    code, text = run(stack, "preview", "test", "--summary", str(page))
    assert code == 0, text
    assert "queues\n  + tmi:test:Queues queues\n  + aws:sqs:Queue queues-orders\n" in text
    assert "## Preview of test\n\n✅ Done: 3 to create" in page.read_text()

    code, text = run(stack, "up", "test")
    assert code == 0, text
    assert "+ aws:sqs:Queue queues-orders\n" in text
    assert "1 policy applied, no violation\nDone: 3 created" in text

    code, text = run(stack, "graph", "test")
    assert code == 0, text
    assert text == (
        "pulumi:pulumi:Stack tmi-test\n"
        "├── pulumi:providers:aws account\n"
        "└── tmi:test:Queues queues\n"
        "    └── aws:sqs:Queue queues-orders\n"
    )
    assert run(stack, "graph", "test", "--mermaid")[1].startswith("flowchart LR\n")
    assert run(stack, "refresh", "test")[0] == 0
    assert run(stack, "destroy", "test")[0] == 0
    code, text = run(stack, "graph", "test")
    assert (code, text) == (1, "stack test is not up; bring it up with `python -m sandbox up test`\n")


def test_secrets_are_shown_on_request_only(project: MakeProject, run: Run) -> None:
    stack = project(GENERATED, policies=LONG_RETENTION)
    code, text = run(stack, "up", "test")
    assert code == 0, text
    assert "  password: [secret]\n" in text
    shown = json.loads(run(stack, "outputs", "test", "--json", "--show-secrets")[1])
    assert shown["client"] == {"corporate": "sandbox-client-secret-corporate"}
    assert run(stack, "outputs", "test")[1] == "client: [secret]\npassword: [secret]\n"
    exported = json.loads(run(stack, "export", "test")[1])
    assert exported["version"] == 3
    assert shown["password"] not in json.dumps(exported)
    assert shown["password"] in run(stack, "export", "test", "--show-secrets")[1]


def test_a_refusal_by_policy_ends_with_one(project: MakeProject, run: Run) -> None:
    stack = project(QUEUES, queues(bad=60), policies=LONG_RETENTION)
    code, text = run(stack, "preview", "test")
    assert code == 1
    assert "violation long-retention (queues-bad): " in text
    assert "Refused by policy" in text


def test_settings_errors_are_a_line_each_without_a_traceback(project: MakeProject, run: Run) -> None:
    stack = project(
        "import pulumi\n\nraise pulumi.RunError('stack.a: too small\\nstack.b: too large')", policies=LONG_RETENTION
    )
    code, text = run(stack, "preview", "test")
    assert code == 1
    assert text.count("stack.a: too small") == text.count("stack.b: too large") == 1
    assert "Traceback" not in text


def test_an_unknown_stack_names_those_there_are(project: MakeProject, run: Run) -> None:
    code, text = run(project(GENERATED), "up", "nope")
    assert (code, text) == (1, "there is no Pulumi.nope.yaml; stacks here: test\n")


def test_a_senseless_command_line_ends_with_two(project: MakeProject, run: Run) -> None:
    assert run(project(GENERATED), "upp", "test")[0] == 2


def test_the_cloud_serves_an_engine_of_another_shell(project: MakeProject) -> None:
    stack = project(QUEUES, queues(orders=600), policies=LONG_RETENTION)
    command = [sys.executable, "-m", "sandbox", "serve", "test", "--project", str(stack.directory)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own interpreter
    assert process.stdout is not None
    with process:
        lines = iter(process.stdout.readline, "")
        exported: dict[str, str] = {}
        for line in lines:
            if line.startswith("#"):
                break
            name, _, value = line.removeprefix("export ").strip().partition("=")
            exported[name] = value
        assert exported["PULUMI_DEBUG_PROVIDERS"].startswith("aws:")
        listed = subprocess.run(  # noqa: S603 -- the CLI
            [str(stack.cli), "stack", "ls", "--json"],
            env=os.environ | exported,
            cwd=stack.stack.workspace,
            capture_output=True,
            text=True,
            check=True,
        )
        assert [found["name"] for found in json.loads(listed.stdout)] == ["test"]
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
