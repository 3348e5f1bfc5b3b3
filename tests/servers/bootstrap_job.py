"""The bootstrap job as the program declares it, run as its container would run it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pulumi_kubernetes as kubernetes

from components.server.database_bootstrap import DatabaseBootstrap, DatabaseBootstrapArgs
from components.tmi_paths import RDS_ROOTS_PATH, SECRETS_PATH
from tests.cloud import Cloud, run
from tests.manifests import manifest
from tests.server import stored, workplace
from tests.servers.processes import User
from tests.servers.processes import run as run_command


def declared(instance_class: str = "db.t4g.medium") -> Cloud:
    """The component alone, recorded, for a server of that class."""
    return run(
        lambda: DatabaseBootstrap(
            "database",
            DatabaseBootstrapArgs(
                place=workplace("tmi-test"),
                postgres="17.11",
                rds_roots="tmi-rds-roots",
                database_address="tmi-test-main.example.eu-west-1.rds.amazonaws.com",
                master=stored("master"),
                owner=stored("owner"),
                instance_class=instance_class,
            ),
        )
    )


def job(cloud: Cloud) -> dict[str, Any]:
    """The Job's manifest."""
    return manifest(cloud.one(kubernetes.batch.v1.Job))


@dataclass(frozen=True, slots=True)
class Container:
    """What the job's container is given."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    scripts: Mapping[str, str]
    scripts_path: str


@cache
def container() -> Container:
    """That of the job."""
    cloud = declared()
    (spec,) = job(cloud)["spec"]["template"]["spec"]["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in spec["volumeMounts"]}
    return Container(
        command=tuple(spec["command"]),
        environment={entry["name"]: entry["value"] for entry in spec["env"]},
        scripts=manifest(cloud.one(kubernetes.core.v1.ConfigMap, "database-scripts"))["data"],
        scripts_path=mounts["scripts"],
    )


def run_job(
    directory: Path, user: User, *, port: int, roots: Path, secrets: Mapping[str, str], host: str, programs: Path
) -> CompletedProcess[str]:
    """Run the job against a server: the command, the scripts and the environment are those of the container.

    Only where its files are, the server's address and where psql is found differ.
    """
    given = container()
    places = {given.scripts_path: directory / "scripts", SECRETS_PATH: directory / "secrets"}
    for place, files in ((given.scripts_path, given.scripts), (SECRETS_PATH, secrets)):
        places[place].mkdir(exist_ok=True)
        for name, text in files.items():
            (places[place] / name).write_text(text)
    places[RDS_ROOTS_PATH] = directory / "roots"
    places[RDS_ROOTS_PATH].mkdir(exist_ok=True)

    def placed(text: str) -> str:
        for path, place in places.items():
            text = text.replace(path, str(place))
        return text

    environment = {name: placed(value) for name, value in given.environment.items()}
    Path(environment["PGSSLROOTCERT"]).write_bytes(roots.read_bytes())
    environment |= {"PGHOST": host, "PGPORT": str(port), "PATH": f"{programs}{os.pathsep}/usr/bin:/bin"}
    return run_command([placed(part) for part in given.command], user=user, environment=environment)
