"""A Pulumi project as the sandbox finds it, and where the sandbox keeps what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import yaml

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A project in its work tree. The sandbox writes below `.sandbox` there and nowhere else."""

    directory: Path
    """The directory of `Pulumi.yaml` and `__main__.py`; absolute."""
    policies: Path | None
    """The directory of the policy pack that every run enforces; None for a project that has none."""
    policy_config: Path | None = None
    """A file that sets how strictly policies are enforced; None to leave that to the pack. Absolute."""

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The project file; `SandboxError` where there is none."""
        file = self.directory / "Pulumi.yaml"
        if not file.is_file():
            raise SandboxError(f"there is no Pulumi.yaml in {self.directory}")
        return cast("dict[str, Any]", yaml.safe_load(file.read_text()))

    @property
    def name(self) -> str:
        """The project's name, as it stands in every URN."""
        return str(self.settings["name"])

    @property
    def sandbox(self) -> Path:
        """The engine's file backend and all else a sandbox run leaves behind."""
        return self.directory / ".sandbox"

    def stack(self, name: str) -> Stack:
        """Return the stack called `name`; `SandboxError` with the names there are if it has no stack file."""
        names = sorted(file.name.split(".")[1] for file in self.directory.glob("Pulumi.*.yaml"))
        if name not in names:
            raise SandboxError(f"there is no Pulumi.{name}.yaml; stacks here: {', '.join(names) or 'none'}")
        return Stack(project=self, name=name)


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of a project and its files."""

    project: Project
    name: str

    @property
    def file(self) -> Path:
        """The stack file of the work tree, which the sandbox only reads."""
        return self.project.directory / f"Pulumi.{self.name}.yaml"

    @property
    def workspace(self) -> Path:
        """The engine's working directory: a copy of the project file and of the stack file, with sandbox secrets."""
        return self.project.sandbox / self.name

    @property
    def config_file(self) -> Path:
        """The sandbox's copy of the stack file."""
        return self.workspace / f"Pulumi.{self.name}.yaml"

    @property
    def lock_file(self) -> Path:
        """Held by the run that works on this stack."""
        return self.workspace / "lock"

    @property
    def log_file(self) -> Path:
        """What the engine printed in its last run."""
        return self.workspace / "engine.log"

    @property
    def state_file(self) -> Path:
        """Where the engine's file backend keeps this stack."""
        return self.project.sandbox / ".pulumi" / "stacks" / self.project.name / f"{self.name}.json"

    @property
    def engine_locks(self) -> Path:
        """Where the engine's file backend keeps its own locks of this stack."""
        return self.project.sandbox / ".pulumi" / "locks" / "organization" / self.project.name / self.name
