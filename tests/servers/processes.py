"""Servers as processes of a test: where they live, who runs them, how they end."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.servers.system_packages import advice, find, missing

_DEADLINE_SECONDS: Final = 60
"""How long a test waits for something that takes a second or two."""
_ORDINARY_USER: Final = "nobody"


@dataclass(frozen=True, slots=True)
class User:
    """Who runs the servers. PostgreSQL refuses to be run by root, and nothing here needs it."""

    name: str | None
    """Another user than the one that runs the tests; only root can do that."""
    group: int | None

    def own(self, *paths: Path) -> None:
        """Give files to this user."""
        if self.name is not None and self.group is not None:
            for path in paths:
                os.chown(path, pwd.getpwnam(self.name).pw_uid, self.group)

    def running(self, command: Sequence[str]) -> list[str]:
        """The same command, run by this user and in no group but its own.

        By `setpriv` and not by arguments of `subprocess`: with these Python forks in a way that lets other libraries
        of the process, gRPC's among them, write into the child's output.
        """
        if self.name is None:
            return list(command)
        return ["setpriv", f"--reuid={self.name}", f"--regid={self.group}", "--clear-groups", "--", *command]


def require_servers() -> None:
    """Skip a test whose servers are not on the machine, and say what to do. In CI it fails: nobody reads that there."""
    packages = missing()
    if packages and os.environ.get("CI"):
        pytest.fail(advice(packages))
    if packages:
        pytest.skip(advice(packages))


def ordinary_user() -> User:
    """Whoever runs the tests, or nobody in particular if that is root."""
    if os.geteuid() != 0:
        return User(None, None)
    return User(_ORDINARY_USER, pwd.getpwnam(_ORDINARY_USER).pw_gid)


@contextmanager
def directory(user: User) -> Generator[Path]:
    """A directory of that user's, with a path short enough for a socket; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tmi-") as name:
        path = Path(name)
        user.own(path)
        yield path


def program(name: str) -> str:
    """Where a program is that has to be there."""
    found = find(name)
    assert found is not None, f"{name} is not installed"
    return str(found)


def free_port() -> int:
    """A TCP port that nobody has at the moment; by the time it is used somebody may."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(
    command: Sequence[str], *, user: User, environment: Mapping[str, str], given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal and from a directory that an ordinary user cannot write to."""
    return subprocess.run(  # noqa: S603 -- the tests' own commands, no shell
        user.running(command),
        input=given,
        env=environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        timeout=_DEADLINE_SECONDS,
    )


@contextmanager
def running(
    command: Sequence[str], *, user: User, log: Path, environment: Mapping[str, str] | None = None
) -> Generator[subprocess.Popen[bytes]]:
    """A server with its output in `log`; stopped afterwards, together with what it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 -- the tests' own commands, no shell
            user.running(command),
            env=environment if environment is not None else {},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(is_so: Callable[[], bool], what: str, log: Path) -> None:
    """Wait for `what`, and show the log where it does not come about."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"{what}: not after {_DEADLINE_SECONDS} s\n{log.read_text()[-4000:]}"
        time.sleep(0.05)
