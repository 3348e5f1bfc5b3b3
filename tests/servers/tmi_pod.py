"""The container of TMI as the cluster would start it: its variables and its files, put together from the objects.

What the kubelet and the CSI driver do is done here: the ConfigMap, the copies of secrets, the mounted files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

import pulumi_kubernetes as kubernetes

from components.tmi_paths import LOG_PATH, RDS_ROOTS_FILE, RDS_ROOTS_PATH, SECRETS_PATH, TLS_PATH
from tests.cloud import Cloud, Declared
from tests.manifests import manifest
from tests.servers.pod_certificate import PodCertificate
from tests.servers.processes import User, running
from tests.stack_files import ROOT

_CLASS: Final = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"


@dataclass(frozen=True, slots=True)
class TmiContainer:
    """What TMI finds when it starts."""

    environment: Mapping[str, str]
    files: Mapping[str, str]
    """The mounted secrets, by name."""

    @classmethod
    def of(cls, cloud: Cloud, secrets: Mapping[str, str]) -> TmiContainer:
        """That of the hub; `secrets` are values in Secrets Manager that differ from those of tests/server.py."""
        pod = manifest(cloud.one(kubernetes.apps.v1.Deployment))["spec"]["template"]["spec"]
        (tmi,) = [found for found in pod["containers"] if found["name"] == "tmi"]
        (volume,) = [found for found in pod["volumes"] if found["name"] == "secrets"]
        mounted = volume["csi"]["volumeAttributes"]["secretProviderClass"]
        spec = _named([found for found in cloud.resources if found.type == _CLASS], mounted)["spec"]
        files = {
            found["objectAlias"]: _value(found["objectName"], secrets)
            for found in json.loads(spec["parameters"]["objects"])
        }
        (copied,) = spec["secretObjects"]
        copies = {found["key"]: files[found["objectName"]] for found in copied["data"]}
        source = tmi["envFrom"][0]["configMapRef"]["name"]
        environment = dict(_named(cloud.of(kubernetes.core.v1.ConfigMap), source)["data"])
        for variable in tmi.get("env", []):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                assert reference["name"] == copied["secretName"], reference
                environment[variable["name"]] = copies[reference["key"]]
            elif "value" in variable:
                environment[variable["name"]] = variable["value"]
        return cls(environment, files)

    def placed(self, home: Path, certificate: PodCertificate, roots: Path) -> dict[str, str]:
        """Its variables with its files below `home`, where the mounts of the pod are stood in for."""
        mounts = {
            SECRETS_PATH: home / "secrets",
            TLS_PATH: certificate.directory,
            LOG_PATH: home / "log",
            RDS_ROOTS_PATH: home / "rds",
        }
        for name, value in {"secrets": self.files, "rds": {RDS_ROOTS_FILE: roots.read_text()}}.items():
            (home / name).mkdir(exist_ok=True)
            for file, text in value.items():
                (home / name / file).write_text(text)
        environment = dict(self.environment)
        for path, place in mounts.items():
            assert any(path in value for value in environment.values()), f"TMI is told nothing of {path}"
            environment = {name: value.replace(path, str(place)) for name, value in environment.items()}
        return environment


def _value(arn: str, secrets: Mapping[str, str]) -> str:
    name = arn.split(":secret:")[1].removesuffix("-AbCdEf")
    return secrets.get(name, f"value-of-{name}")


def _named(among: list[Declared], name: str) -> dict[str, Any]:
    """The object of that name in the cluster."""
    found = [manifest(resource) for resource in among]
    (one,) = [each for each in found if each["metadata"]["name"] == name]
    return one


@contextmanager
def started(environment: Mapping[str, str], log: Path) -> Generator[Popen[bytes]]:
    """The stand-in with this environment and no other; run by whoever runs the tests, who can read their code."""
    command = [sys.executable, "-m", "tests.servers.tmi_process"]
    own = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
    with running(command, user=User(None, None), log=log, environment=own) as process:
        yield process
