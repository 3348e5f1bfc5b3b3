"""The key and certificate that a pod of TMI makes for itself, made by the program's own script.

The script runs as the init container runs it: the manifest's command and variables, the system's sh and openssl.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pulumi_kubernetes as kubernetes

from components.tmi_paths import TLS_PATH
from tests.manifests import manifest
from tests.server import server
from tests.servers.authority import KeyPair
from tests.servers.processes import User, program, run

_PATH: Final = "/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class _Declared:
    command: tuple[str, ...]
    environment: dict[str, str]


@cache
def _declared() -> _Declared:
    pod = manifest(server().one(kubernetes.apps.v1.Deployment))["spec"]["template"]["spec"]
    container: dict[str, Any] = next(found for found in pod["initContainers"] if found["name"] == "certificate")
    return _Declared(
        command=tuple(container["command"]),
        environment={variable["name"]: variable["value"] for variable in container["env"]},
    )


@dataclass(frozen=True, slots=True)
class PodCertificate:
    """The files that the script left."""

    directory: Path

    @property
    def pair(self) -> KeyPair:
        """What TMI serves with; its certificate is also what the proxy trusts."""
        return KeyPair(self.directory / "tls.crt", self.directory / "tls.key")

    @property
    def proxys(self) -> Path:
        """What the proxy serves with: certificate and key in one file."""
        return self.directory / "haproxy.pem"


def domain() -> str:
    """The public host name that the certificate is for."""
    return _declared().environment["DOMAIN"]


def make(directory: Path, user: User, name: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script in place of the init container; only the directory, and for some tests the `name`, differ."""
    declared = _declared()
    environment = {key: value.replace(TLS_PATH, str(directory)) for key, value in declared.environment.items()}
    assert str(directory) in environment.values(), f"the script works no more in {TLS_PATH}"
    if name is not None:
        environment["DOMAIN"] = name
    shell, *arguments = declared.command
    return run([program(shell), *arguments], user=user, environment={"PATH": _PATH, **environment})


def made(directory: Path, user: User) -> PodCertificate:
    """The certificate of a pod in an empty directory of that user's."""
    done = make(directory, user)
    assert done.returncode == 0, done.stdout
    return PodCertificate(directory)
