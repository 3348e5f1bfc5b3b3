from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox.cloud import Fault
from sandbox.errors import SandboxError
from sandbox.events import Ended
from sandbox.lock import locked
from sandbox.state import resources
from tests.engine.harness import ROOT, Project
from tests.engine.programs import QUEUE, QUEUES, queues

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import MakeProject

CHAIN = queues(a=600, b=600, c=600, d=600, e=600, f=600)
ALL = ["account", "queues", "queues-a", "queues-b", "queues-c", "queues-d", "queues-e", "queues-f"]

RUN = """
import sys
from pathlib import Path
from sandbox.engine import Operation, run
from sandbox.project import Project

directory, cli = map(Path, sys.argv[1:])
stack = Project(directory, None).stack("test")
run(stack, Operation.UP, cli, lambda event: None, latency_seconds=0.5)
"""


def test_a_failed_creation_is_taken_up_again(project: MakeProject) -> None:
    stack = project(QUEUES, CHAIN)
    failed = stack.up(Fault(type=QUEUE, name="queues-c", operation="create", message="no capacity today"))
    assert failed.exit_code != 0
    assert any("no capacity today" in error for error in failed.errors)
    assert [step.name for step in failed.summary.failures] == ["queues-c"]
    assert failed.names == ALL[:4]

    resumed = stack.up()
    assert resumed.exit_code == 0
    assert resumed.changed == dict.fromkeys(["queues-c", "queues-d", "queues-e", "queues-f"], "create")
    assert resumed.names == ALL


def test_the_short_way_loses_nothing_of_a_run_that_fails(project: MakeProject) -> None:
    stack = project(QUEUES, CHAIN)
    failed = stack.up(Fault(type=QUEUE, name="queues-c", operation="create", message="no capacity"), thorough=False)
    assert failed.exit_code != 0
    assert failed.names == ALL[:4]
    assert sum(isinstance(event, Ended) for event in failed.events) == 1  # a preview would end too
    assert stack.up(thorough=False).names == ALL


def test_a_failed_deletion_is_taken_up_again(project: MakeProject) -> None:
    stack = project(QUEUES, queues(a=600, b=600))
    stack.up()
    failed = stack.destroy(Fault(type=QUEUE, name="queues-a", operation="delete", message="still in use"))
    assert failed.exit_code != 0
    assert "queues-a" in failed.names
    assert "queues-b" not in failed.names
    resumed = stack.destroy()
    assert resumed.exit_code == 0
    assert resumed.names == []


def start(stack: Project, cli: Path, is_under_way: Callable[[], bool]) -> subprocess.Popen[bytes]:
    """Start a slow `up` in a process group of its own and wait until it is under way."""
    command = [sys.executable, "-c", RUN, str(stack.directory), str(cli)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, start_new_session=True, env=environment)  # noqa: S603 -- our own interpreter
    deadline = time.monotonic() + 30
    while not is_under_way():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def has_a_queue(stack: Project) -> bool:
    return any(resource["type"] == QUEUE for resource in resources(stack.deployment))


def kill_in_the_middle(process: subprocess.Popen[bytes], stack: Project) -> None:
    """Kill the whole group while something is under way: stopped first, so that it cannot end before the kill."""
    deadline = time.monotonic() + 30
    while True:
        assert time.monotonic() < deadline
        os.killpg(process.pid, signal.SIGSTOP)
        if (stack.deployment or {}).get("pending_operations"):
            os.killpg(process.pid, signal.SIGKILL)
            return
        os.killpg(process.pid, signal.SIGCONT)
        time.sleep(0.05)


@pytest.mark.parametrize("everything", [False, True], ids=["the-sandbox-alone", "its-engine-too"])
def test_a_killed_run_is_taken_up_by_the_next(project: MakeProject, *, everything: bool) -> None:
    stack = project(QUEUES, CHAIN)
    process = start(stack, stack.cli, lambda: has_a_queue(stack))
    if everything:
        kill_in_the_middle(process, stack)
    else:
        process.kill()
    process.wait()
    if everything:  # nobody was left to clear up: what was under way stands in the state, and the engine's lock on disk
        assert list(stack.stack.engine_locks.glob("*.json"))

    resumed = stack.up()
    assert resumed.exit_code == 0
    assert resumed.names == ALL
    assert resumed.deployment is not None
    assert "pending_operations" not in resumed.deployment
    assert stack.up().summary.counts == {"unchanged": len(ALL)}


def test_ctrl_c_ends_a_run_in_good_order(project: MakeProject) -> None:
    stack = project(QUEUES, CHAIN)
    process = start(stack, stack.cli, lambda: has_a_queue(stack))
    os.killpg(process.pid, signal.SIGINT)
    process.wait()
    assert stack.deployment is not None
    assert "pending_operations" not in stack.deployment
    assert not list(stack.stack.engine_locks.glob("*.json"))
    assert stack.up().names == ALL


def test_the_engine_of_a_killed_run_is_waited_for(project: MakeProject, tmp_path: Path) -> None:
    stack = project(QUEUES, CHAIN)
    started, ended = tmp_path / "started", tmp_path / "ended"
    engine = tmp_path / "engine"
    engine.write_text(f"#!/bin/sh\n[ $1 = up ] || exit 0\ntouch {started}\nsleep 1\ntouch {ended}\n")
    engine.chmod(0o755)
    process = start(stack, engine, started.exists)
    process.kill()
    process.wait()
    assert not ended.exists()
    with locked(stack.stack):
        assert ended.exists()


def test_two_runs_on_one_stack_are_refused(project: MakeProject) -> None:
    stack = project(QUEUES, CHAIN)
    with locked(stack.stack), pytest.raises(SandboxError) as refusal:
        stack.up()
    assert str(refusal.value) == f"another run (process {os.getpid()}) works on stack test; wait for it to end"


def test_a_lock_of_a_living_engine_is_respected(project: MakeProject) -> None:
    stack = project(QUEUES, queues(a=600))
    assert stack.up().exit_code == 0
    lock = stack.stack.engine_locks / "by-hand.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(f'{{"pid": {os.getpid()}, "username": "a", "hostname": "b", "timestamp": "2026-01-01T00:00:00Z"}}')
    refused = stack.up()
    assert refused.exit_code != 0
    assert "the stack is currently locked" in "".join(refused.errors)
    assert Path(lock).exists()
