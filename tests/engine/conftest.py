from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from sandbox.toolchain import find_pulumi
from tests.engine.harness import ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class MakeProject(Protocol):
    def __call__(
        self, program: str | Path, config: Mapping[str, Any] | None = None, *, policies: str | Path | None = None
    ) -> Project: ...


@pytest.fixture(scope="session")
def cli() -> Path:
    """The Pulumi CLI, one for all; built if this machine has none yet."""
    return find_pulumi(ROOT / "tools", print)


@pytest.fixture
def project(tmp_path: Path, cli: Path) -> MakeProject:
    """Make a project in a directory of the test's own."""

    def make(
        program: str | Path, config: Mapping[str, Any] | None = None, *, policies: str | Path | None = None
    ) -> Project:
        return Project(tmp_path / "project", cli, program, config or {}, policies)

    return make
