"""The servers that the tests of this folder start: what they are called, and how they get onto the machine.

Run as a program, before the tests, it installs what is missing where it may: on Debian or Ubuntu, as root or with a
sudo that asks nothing. Whatever comes of that, it ends well; a test whose server is not there says so itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "curl": ("curl",),
    "haproxy": ("haproxy",),
    "jq": ("jq",),
    "openssl": ("openssl",),
    "postgresql": ("initdb", "postgres", "psql"),
    "redis-server": ("redis-server",),
}
"""What each package is needed for."""

_DIRECTORIES: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where servers are, though an ordinary user's PATH may not say so."""
_POSTGRESQL: Final = Path("/usr/lib/postgresql")
"""Where the packages put the programs of each major version."""
_POLICY: Final = Path("/usr/sbin/policy-rc.d")
"""What a package asks whether it may start its service; 101 means no. Source: invoke-rc.d(8)."""

INSTALLATION: Final = """\
set -eu
policy=$1
shift
if ! [ -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
apt-get install --quiet --yes --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
for package in "$@"; do
  case $package in
    curl|jq|openssl) ;;
    *) if command -v systemctl > /dev/null; then systemctl disable --quiet "$package.service"; fi ;;
  esac
done
"""
"""Installs packages, `$2` and following, and leaves no service of theirs running, now or after a restart: `$1` forbids
them to start, and those that were not there before are disabled."""


def _version(directory: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in directory.name.split(".") if part.isdecimal())


def find(program: str) -> Path | None:
    """Where a program is, if it is there; PostgreSQL's of the newest version that is installed."""
    versions = sorted(_POSTGRESQL.glob("*"), key=_version, reverse=True)
    places = [*(str(version / "bin") for version in versions), os.environ.get("PATH", ""), *_DIRECTORIES]
    found = shutil.which(program, path=os.pathsep.join(places))
    return Path(found) if found else None


def missing() -> tuple[str, ...]:
    """The packages of which a program is not there."""
    return tuple(package for package, programs in PROGRAMS.items() if not all(find(program) for program in programs))


def advice(packages: Sequence[str]) -> str:
    """What to run where this may install nothing itself."""
    names = " ".join(packages)
    return (
        f"tests against real servers need {', '.join(packages)}; run: sudo apt-get update && "
        f"sudo apt-get install --yes --no-install-recommends {names}"
    )


def installing(packages: Sequence[str], *, policy: Path = _POLICY) -> list[str] | None:
    """The command that installs `packages`, or nothing where that is not possible without a question."""
    if shutil.which("apt-get") is None:
        return None
    command = ["sh", "-c", INSTALLATION, "sh", str(policy), *packages]
    if os.geteuid() == 0:
        return command
    sudo = shutil.which("sudo")
    if sudo is None or subprocess.run([sudo, "--non-interactive", "true"], capture_output=True, check=False).returncode:  # noqa: S603 -- a fixed command
        return None
    return [sudo, "--non-interactive", *command]


def main() -> None:
    """Install what is missing, or say what to do."""
    packages = missing()
    if not packages:
        return
    command = installing(packages)
    if command is None:
        sys.stdout.write(f"Skipped: {advice(packages)}\n")
        return
    sys.stdout.write(f"Installing {', '.join(packages)} for the tests (once; about a minute). No service is started.\n")
    sys.stdout.flush()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603 -- a fixed command
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-15:])
        sys.stdout.write(f"{last}\nThat failed: {advice(packages)}\n")


if __name__ == "__main__":
    main()
