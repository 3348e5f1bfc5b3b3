"""The policy pack as an executable that the engine starts as it stands.

A pack given as a directory needs a language plugin, which an official installation has and a CLI built from source has
not. A pack given as an executable is started with the engine's address as its argument.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import TYPE_CHECKING

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.project import Stack


def write_policy_pack(stack: Stack, policies: Path, *, dry_run: bool) -> Path:
    """Write the executable for one run and return it.

    The engine tells a directory's pack project, stack and kind of run by variables; an executable has to set them
    itself. It finds its manifest beside it. Raises `SandboxError` if `policies` is no policy pack.
    """
    manifest = policies / "PulumiPolicy.yaml"
    if not manifest.is_file():
        raise SandboxError(f"there is no policy pack in {policies}: every run enforces one")
    directory = stack.workspace / "policy"
    directory.mkdir(parents=True, exist_ok=True)
    shutil.copy(manifest, directory)
    variables = {
        "PULUMI_PROJECT": stack.project.name,
        "PULUMI_STACK": stack.name,
        "PULUMI_DRY_RUN": str(dry_run).lower(),
    }
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    location = shlex.quote(str(policies))
    executable = directory / "pack"
    executable.write_text(
        f'#!/bin/sh\n{exports}cd {location} && exec {shlex.quote(sys.executable)} -u -m pulumi.policy "$1" {location}\n'
    )
    executable.chmod(0o700)
    return executable
