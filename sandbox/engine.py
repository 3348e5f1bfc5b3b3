"""One run of the real engine on a stack: its program, its policies, and a cloud to run against."""

from __future__ import annotations

import contextlib
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sandbox import cloud
from sandbox.lock import locked
from sandbox.policy_pack import write_policy_pack
from sandbox.stack_file import aws_names
from sandbox.state import read_deployment
from sandbox.summary import Collector, Summary
from sandbox.workspace import call, environment, prepare, read_yaml

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sandbox.events import Listener
    from sandbox.project import Stack


class Operation(StrEnum):
    """What the engine is asked to do with a stack."""

    PREVIEW = "preview"
    UP = "up"
    REFRESH = "refresh"
    DESTROY = "destroy"


RUNS_PROGRAM: Final = frozenset({Operation.PREVIEW, Operation.UP})
"""These run the program, and so the policies; the others work from the state alone."""


HIDDEN_FLAGS: Final = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Makes the CLI accept `--event-log`; the Automation API sets it too."""

WRITTEN_ONCE: Final = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""Makes the engine write the state at its end alone, failed or not."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    exit_code: int
    """Of the engine's process: 0 if it did all it was asked, 255 or another if not."""
    summary: Summary


@contextmanager
def running_cloud(
    stack: Stack, *, faults: tuple[cloud.Fault, ...] = (), latency_seconds: float = 0
) -> Generator[cloud.RunningCloud]:
    """Run the simulated cloud with what the stack has in it, and what its file says the account has already."""
    options = cloud.CloudOptions(
        existing=aws_names(read_yaml(stack.file)),
        snapshot=read_deployment(stack.state_file),
        faults=faults,
        latency_seconds=latency_seconds,
    )
    with cloud.run(options) as running:
        yield running


def run(
    stack: Stack,
    operation: Operation,
    cli: Path,
    listener: Listener,
    *,
    faults: tuple[cloud.Fault, ...] = (),
    latency_seconds: float = 0,
    thorough: bool = True,
) -> Result:
    """Run one operation to its end, telling `listener` of every event on the way.

    Without `thorough` nothing is previewed before it is done, and the state is written at the end alone instead of
    after each step: a third of the work, for a stack that may be left half done, and whose killed runs nobody takes up.

    Raises `SandboxError` if the run cannot start; a run that starts and fails is a `Result` that says so.
    """
    with locked(stack) as lock:
        prepare(stack, cli)
        clear_pending(stack, cli)
        with running_cloud(stack, faults=faults, latency_seconds=latency_seconds) as running:
            return _operate(stack, operation, cli, listener, running, lock, thorough=thorough)


def clear_pending(stack: Stack, cli: Path) -> None:
    """Clear what a killed run left as begun but not ended, as an operator does with `export` and `import`.

    On a real cloud somebody first looks whether the thing was made. Here nothing exists that the state does not have,
    so an interrupted creation made nothing, and an interrupted update or deletion can be done again.
    """
    deployment = read_deployment(stack.state_file)
    if deployment is None or not deployment.get("pending_operations"):
        return
    exported = stack.workspace / "interrupted.json"
    call(stack, cli, "stack", "export", "--stack", stack.name, "--file", str(exported))
    call(stack, cli, "stack", "import", "--stack", stack.name, "--file", str(exported))
    exported.unlink()


def _operate(
    stack: Stack,
    operation: Operation,
    cli: Path,
    listener: Listener,
    running: cloud.RunningCloud,
    lock: int,
    *,
    thorough: bool,
) -> Result:
    from sandbox import program  # noqa: PLC0415 -- the SDK takes half a second to import, in which the cloud starts

    collector = Collector(listener, planned=operation is Operation.PREVIEW)
    with program.serve(stack.project.directory, collector) as port, stack.log_file.open("wb") as log:
        command = [str(cli), *arguments(stack, operation, port, thorough=thorough)]
        process = subprocess.Popen(  # noqa: S603 -- the CLI, no shell
            command,
            cwd=stack.workspace,
            env=environment(stack.project) | running.environment() | HIDDEN_FLAGS | ({} if thorough else WRITTEN_ONCE),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            pass_fds=[lock],
        )
        exit_code = _wait(process)
    summary = collector.summary()
    if exit_code and not summary.explained:
        summary = summary.with_error(stack.log_file.read_text(errors="replace").strip())
    return Result(exit_code, summary)


def arguments(stack: Stack, operation: Operation, port: int, *, thorough: bool = True) -> list[str]:
    """Return the CLI's arguments for an operation whose program and events are served on `port`."""
    options = ["--stack", stack.name, "--non-interactive", "--event-log", f"tcp://127.0.0.1:{port}"]
    if operation is not Operation.PREVIEW:
        options.append("--yes")
    if operation is Operation.REFRESH or (operation is not Operation.PREVIEW and not thorough):
        options.append("--skip-preview")  # a refresh only reads; the others are refused as a whole before they begin
    if operation in RUNS_PROGRAM:
        options += ["--client", f"127.0.0.1:{port}", "--exec-kind", "auto.inline"]
        if stack.project.policies is not None:
            dry_run = operation is Operation.PREVIEW
            options += ["--policy-pack", str(write_policy_pack(stack, stack.project.policies, dry_run=dry_run))]
            if stack.project.policy_config is not None:
                options += ["--policy-pack-config", str(stack.project.policy_config)]
    return [operation.value, *options]


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for the engine. Ctrl-C reaches it too, and it ends in good order; a second one ends it at once."""
    with contextlib.suppress(KeyboardInterrupt):
        return process.wait()
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.kill()
        return process.wait()
