"""The engine's working directory for a stack, prepared once and again only when its sources change."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from sandbox.errors import SandboxError
from sandbox.stack_file import property_path, sandboxed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.project import Project, Stack

SECRETS_FILE: Final = Path(__file__).parent / "secrets.yaml"
PASSPHRASE: Final = "sandbox"  # noqa: S105 -- encrypts nothing but the sandbox's own fakes and random values
DROPPED: Final = ("main", "runtime", "backend", "plugins", "packages")
"""Of the project file: the program is inline, the state local, and the providers attached."""


def prepare(stack: Stack, cli: Path) -> None:
    """Bring the engine's copies of the project file and of the stack file up to date, and make the stack if need be.

    Raises `SandboxError` if the engine refuses them.
    """
    stamp = stack.workspace / "prepared"
    sources = [stack.file, SECRETS_FILE, stack.project.directory / "Pulumi.yaml"]
    digest = hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest and stack.state_file.is_file():
        return
    stamp.unlink(missing_ok=True)
    config = sandboxed(read_yaml(stack.file), read_yaml(SECRETS_FILE))
    salt = read_yaml(stack.config_file).get("encryptionsalt") if stack.config_file.is_file() else None
    document = {"config": config.plain} | ({"encryptionsalt": salt} if salt else {})
    _write(stack.config_file, document)
    project = {key: value for key, value in stack.project.settings.items() if key not in DROPPED}
    _write(stack.workspace / "Pulumi.yaml", project | {"runtime": "python"})
    if not stack.state_file.is_file():
        call(stack, cli, "stack", "init", "--stack", stack.name)
    if config.secrets:
        pairs = [f"{property_path(path)}={value}" for path, value in config.secrets.items()]
        options = [part for pair in pairs for part in ("--secret", pair)]
        call(stack, cli, "config", "set-all", "--stack", stack.name, "--path", *options)
    stamp.write_text(digest)


def settings(project: Project) -> dict[str, str]:
    """Return the variables that keep an engine in the sandbox: its state, its home, and nothing fetched."""
    return {
        "PULUMI_BACKEND_URL": f"file://{project.sandbox}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(project.sandbox / ".home"),
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
    }


def environment(project: Project) -> dict[str, str]:
    """Return the whole environment of an engine's process; Pulumi variables of the user's own shell stay outside."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    return inherited | settings(project)


def call(stack: Stack, cli: Path, *arguments: str) -> str:
    """Ask the CLI something about a stack and return what it prints; `SandboxError` with its own words if it fails."""
    done = subprocess.run(  # noqa: S603 -- the CLI, no shell
        [str(cli), *arguments, "--non-interactive"],
        capture_output=True,
        text=True,
        check=False,
        cwd=stack.workspace,
        env=environment(stack.project),
    )
    if done.returncode:
        raise SandboxError(done.stderr.strip() or done.stdout.strip())
    return done.stdout


def read_yaml(file: Path) -> dict[str, Any]:
    """Read a YAML file whose top is an object."""
    return cast("dict[str, Any]", yaml.safe_load(file.read_text()) or {})


def _write(file: Path, document: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True))
