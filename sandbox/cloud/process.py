"""The simulated cloud as a process of its own, beside the Python program, which needs a core to itself."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

    from sandbox.cloud.options import CloudOptions

PACKAGES: Final = ("aws", "kubernetes", "random")
ROOT: Final = Path(__file__).parents[2]


class CloudError(RuntimeError):
    """The simulated cloud did not start."""


class RunningCloud:
    """A simulated cloud that listens on the loopback interface."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._port = 0

    @property
    def port(self) -> int:
        """The gRPC port on 127.0.0.1. Waits until the cloud listens; raises ``CloudError`` if it never does."""
        if not self._port:
            assert self._process.stdout is not None  # noqa: S101 - opened as a pipe below
            line = self._process.stdout.readline()
            if not line:
                raise CloudError(f"the simulated cloud did not start: exit code {self._process.wait()}")
            self._port = int(line)
        return self._port

    def environment(self) -> dict[str, str]:
        """Give the environment in which the engine takes this cloud for its providers."""
        return {"PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{self.port}" for package in PACKAGES)}


@contextmanager
def run(options: CloudOptions) -> Generator[RunningCloud]:
    """Run a simulated cloud until the block ends.

    The process ends when its standard input closes, so that a killed parent leaves no orphan. It starts while the
    caller goes on; only :attr:`RunningCloud.port` waits for it.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.cloud"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            process.stdin.write(json.dumps(options.to_json()) + "\n")
            process.stdin.flush()
            yield RunningCloud(process)
        finally:
            process.stdin.close()
            process.wait()
