"""A Pulumi project in a directory of its own, run by the real engine."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sandbox.engine import Operation, run
from sandbox.events import Event, Step
from sandbox.project import Project as SandboxProject
from sandbox.project import Stack
from sandbox.state import read_deployment, resources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.cloud import Fault
    from sandbox.summary import Summary

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Result:
    """How a run ended, all it reported, and what is in the state afterwards."""

    exit_code: int
    summary: Summary
    events: tuple[Event, ...]
    deployment: Mapping[str, Any] | None

    @property
    def changed(self) -> dict[str, str]:
        """What was done to each resource that changed, by logical name."""
        return {step.name: step.operation for step in self.summary.changed}

    @property
    def names(self) -> list[str]:
        """The logical names in the state, sorted; a name that is there twice is here twice."""
        urns = (resource["urn"] for resource in resources(self.deployment))
        steps = (Step(operation="same", urn=urn, type=urn.split("::")[2].split("$")[-1], parent="") for urn in urns)
        return sorted(step.name for step in steps if step.is_own)

    @property
    def errors(self) -> list[str]:
        """The messages of the run's errors."""
        return [diagnostic.message for diagnostic in self.summary.diagnostics if diagnostic.severity == "error"]


@dataclass
class Project:
    """A project of one stack called `test`.

    `program` is the source of a `__main__.py`, or a file: the repository's own can be run here without leaving a trace
    in the work tree. `policies` is the directory of a policy pack, or the source of one.
    """

    directory: Path
    cli: Path
    program: str | Path
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    policies: str | Path | None = None
    name: str = "tmi"
    policy_config: Path | None = None

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.write_program(self.program)
        self.write_config(self.config)
        (self.directory / "Pulumi.yaml").write_text(yaml.safe_dump({"name": self.name, "runtime": "python"}))
        if isinstance(self.policies, str):
            pack = self.directory / "policy"
            pack.mkdir()
            shutil.copy(ROOT / "policy" / "PulumiPolicy.yaml", pack)
            (pack / "__main__.py").write_text(self.policies)
            self.policies = pack

    def write_program(self, program: str | Path) -> None:
        """Replace the program."""
        if isinstance(program, Path):
            program = f"import runpy\n\nrunpy.run_path({str(program)!r}, run_name='__main__')\n"
        (self.directory / "__main__.py").write_text(program)

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Replace the stack file's `config`."""
        (self.directory / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": dict(config)}))

    @property
    def stack(self) -> Stack:
        """The stack, as the sandbox has it."""
        policies = self.policies
        assert not isinstance(policies, str)
        return SandboxProject(self.directory, policies, self.policy_config).stack("test")

    @property
    def deployment(self) -> dict[str, Any] | None:
        """The state as it stands."""
        return read_deployment(self.stack.state_file)

    def preview(self) -> Result:
        """Run `preview`."""
        return self._run(Operation.PREVIEW)

    def up(self, *faults: Fault, thorough: bool = True) -> Result:
        """Run `up` on a cloud with these faults; not `thorough` where only what comes of it matters."""
        return self._run(Operation.UP, faults, thorough=thorough)

    def refresh(self) -> Result:
        """Run `refresh`."""
        return self._run(Operation.REFRESH)

    def destroy(self, *faults: Fault) -> Result:
        """Run `destroy` on a cloud with these faults."""
        return self._run(Operation.DESTROY, faults)

    def _run(self, operation: Operation, faults: tuple[Fault, ...] = (), *, thorough: bool = True) -> Result:
        events: list[Event] = []
        result = run(self.stack, operation, self.cli, events.append, faults=faults, thorough=thorough)
        return Result(result.exit_code, result.summary, tuple(events), self.deployment)
