"""One run at a time on a stack, and a way on after a run that was killed.

The engine's own lock is a file it deletes at its end: after a SIGKILL it stays and stops every later run. The lock here
is one of the operating system's, and the engine's process inherits it. So whoever holds it knows that no earlier run
is left alive, neither the sandbox nor its engine, and that engine locks on disk are stale.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Generator

    from sandbox.project import Stack

ORPHAN_SECONDS: Final = 60.0
"""How long to wait for the engine of a killed run: it notices within seconds that its program is gone."""


@contextmanager
def locked(stack: Stack) -> Generator[int]:
    """Hold the stack's lock; yields the file descriptor for the engine to inherit.

    Raises `SandboxError` if another run holds it and is alive.
    """
    stack.workspace.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(stack.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(descriptor, stack)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        _clear_stale(stack.engine_locks)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, stack: Stack) -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode()
            if _alive(holder) or time.monotonic() > deadline:
                raise SandboxError(
                    f"another run (process {holder or 'unknown'}) works on stack {stack.name}; wait for it to end"
                ) from None
            time.sleep(0.1)
        else:
            return


def _alive(process: str) -> bool:
    """Say whether a process of this number runs; an unfinished lock file is that of a run just starting."""
    if not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # In a container whose first process reaps nobody, the killed stay as zombies (state Z, after the name in brackets).
    status = Path("/proc", process, "stat")
    return not (status.is_file() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def _clear_stale(engine_locks: Path) -> None:
    """Remove engine locks whose process is gone; a `pulumi` started by hand on the same state keeps its own."""
    for file in engine_locks.glob("*.json"):
        if not _alive(str(json.loads(file.read_text())["pid"])):
            file.unlink(missing_ok=True)
