"""The dump's pod as the program declares it: both containers beside each other, with a directory for S3."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

import pulumi_kubernetes as kubernetes

from components.server.database_dump import DatabaseDump
from components.settings import parse
from tests.cloud import Cloud, run
from tests.manifests import manifest
from tests.server import dump_arguments
from tests.servers.aws_cli import AWS_CLI
from tests.servers.processes import User, program, running, wait_until
from tests.stack_files import changed

_DEADLINE_SECONDS: Final = 60
_TOOLS: Final = ("pg_dump", "pg_restore")
_NOTING: Final = """\
#!/bin/sh
printf '%s\\n' "$0 $*" >> "{notes}"
echo $$ > "{notes}.{name}"
exec {program} "$@"
"""
"""A program that notes its arguments and its process, and goes on as the one it stands for."""


def _declared() -> Cloud:
    settings = parse(changed("dev"))
    return run(lambda: DatabaseDump("database-dump", dump_arguments(settings)))


@dataclass(frozen=True, slots=True)
class Container:
    """What one of the two is given."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    mounts: Mapping[str, str]
    """Where each volume is, by the volume's name."""


@dataclass(frozen=True, slots=True)
class Pod:
    """Both containers by name, and the ConfigMap they share."""

    containers: Mapping[str, Container]
    files: Mapping[str, str]


def _container(spec: Mapping[str, Any]) -> Container:
    return Container(
        command=tuple(spec["command"]),
        environment={entry["name"]: entry["value"] for entry in spec["env"]},
        mounts={mount["name"]: mount["mountPath"] for mount in spec["volumeMounts"]},
    )


@cache
def pod() -> Pod:
    """That of the CronJob."""
    cloud = _declared()
    job = manifest(cloud.one(kubernetes.batch.v1.CronJob))["spec"]["jobTemplate"]["spec"]
    return Pod(
        containers={each["name"]: _container(each) for each in job["template"]["spec"]["containers"]},
        files=manifest(cloud.one(kubernetes.core.v1.ConfigMap))["data"],
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How both containers ended and what they said. The job succeeds if both have."""

    dump: int
    upload: int
    said: str

    @property
    def succeeded(self) -> bool:
        """Whether Kubernetes would call the pod succeeded."""
        return self.dump == self.upload == 0


@dataclass(frozen=True, slots=True)
class Running:
    """The pod while it runs."""

    job: DumpJob
    dump: Popen[bytes]
    upload: Popen[bytes]

    def ended(self) -> Outcome:
        """Let the upload go on, and wait for both."""
        (self.job.store / "go").touch()
        dump, upload = (process.wait(timeout=_DEADLINE_SECONDS) for process in (self.dump, self.upload))
        said = "".join((self.job.home / f"{name}.log").read_text() for name in ("dump", "upload"))
        return Outcome(dump, upload, said)

    def lost(self) -> None:
        """Kill the dumping container, and with it all it has started."""
        os.killpg(self.dump.pid, signal.SIGKILL)

    def kill_pg_dump(self) -> None:
        """Kill that process alone."""
        os.kill(int((self.job.store / "arguments.pg_dump").read_text()), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class DumpJob:
    """The job against a server: commands, scripts and environment are those of the containers.

    Only where their files are, the server's address and where programs are found differ.
    """

    home: Path
    user: User
    port: int
    roots: Path
    """The authorities that pg_dump trusts."""
    password: str
    host: str = "localhost"
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    """More variables for the stand-in of the AWS CLI: `REFUSED` is a prefix that takes no object."""

    @property
    def store(self) -> Path:
        """The bucket, and what the programs noted."""
        return self.home / "store"

    def objects(self, prefix: str) -> list[Path]:
        """The objects under a prefix of the bucket."""
        return sorted((self.store / "objects" / prefix).iterdir())

    @property
    def arguments(self) -> str:
        """Every command line of pg_dump, pg_restore and the AWS CLI."""
        return (self.store / "arguments").read_text()

    def run(self) -> Outcome:
        """Run it to its end."""
        with self.started() as both:
            return both.ended()

    @contextmanager
    def begun(self) -> Generator[Running]:
        """Run it until S3 has the beginning of a dump and takes no more for now."""
        with self.started() as both:
            wait_until((self.store / "begun").exists, "the upload has begun", self.home / "dump.log")
            yield both

    @contextmanager
    def started(self) -> Generator[Running]:
        """Both containers, begun at once."""
        self._prepare()
        with self._running("dump") as dump, self._running("upload") as upload:
            yield Running(self, dump, upload)

    def _running(self, name: str) -> AbstractContextManager[Popen[bytes]]:
        container = pod().containers[name]
        environment = {variable: self._placed(value) for variable, value in container.environment.items()}
        if name == "dump":
            environment |= {"PGHOST": self.host, "PGPORT": str(self.port)}
        else:
            environment |= {"STORE": str(self.store), **self.faults}
        environment["PATH"] = f"{self.home / 'bin' / name}{os.pathsep}/usr/bin:/bin"
        command = [self._placed(part) for part in container.command]
        return running(command, user=self.user, log=self.home / f"{name}.log", environment=environment)

    def _placed(self, text: str) -> str:
        for volume, path in pod().containers["dump"].mounts.items():
            text = text.replace(path, str(self.home / volume))
        return text

    def _prepare(self) -> None:
        places = ("work", "store", "store/objects", "store/objects/incoming", "store/objects/dumps")
        for name in (*places, "files", "secrets", "bin", "bin/dump", "bin/upload"):
            (self.home / name).mkdir()
        self.user.own(*(self.home / name for name in places))
        for name, text in pod().files.items():
            (self.home / "files" / name).write_text(text)
        Path(self._placed(pod().containers["dump"].environment["PGSSLROOTCERT"])).write_bytes(self.roots.read_bytes())
        (self.home / "secrets" / "owner-password").write_text(self.password)
        notes = self.store / "arguments"
        tools = {f"dump/{name}": _NOTING.format(notes=notes, name=name, program=program(name)) for name in _TOOLS}
        for name, text in {**tools, "upload/aws": AWS_CLI}.items():
            tool = self.home / "bin" / name
            tool.write_text(text)
            tool.chmod(0o755)
