from __future__ import annotations

import gc
import logging
import sys
import warnings
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from sandbox.toolchain import find_pulumi
from tests.engine.harness import ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


def _ignore(_unraisable: sys.UnraisableHookArgs) -> None:
    return


@pytest.fixture(autouse=True, scope="module")
def forget_failed_programs() -> Iterator[None]:
    """Drop quietly what the SDK leaves of a program that failed: an open event loop and its tasks.

    `pulumi.automation._server` cancels what is pending and trips over the first task that ends with another error than
    its cancellation, before it closes the loop. The collector must not meet the remains in the middle of something
    else, where Python would report them; gRPC's log of the error would keep them until then.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging.getLogger("grpc._server"), "disabled", True)
        gc.disable()
        yield
        patch.setattr(logging.getLogger("asyncio"), "disabled", True)
        patch.setattr(sys, "unraisablehook", _ignore)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        gc.enable()
