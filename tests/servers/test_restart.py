"""The job that restarts a Deployment, run as its container would run it, before an API of a test."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest

from components.server.recycling import Recycling, RecyclingArgs, script
from components.server.roles import Role
from tests.cloud import run as record
from tests.manifests import manifest
from tests.server import workplace
from tests.servers.authority import Authority, KeyPair
from tests.servers.kubernetes_api import STUCK, KubernetesApi, deployment, kubernetes_api
from tests.servers.processes import User, directory, program, run

SHELLS = (["sh"], ["bash", "--posix"])
"""That of the machine, and that of the AWS CLI's image."""
DONE = '{"job":"tmi-hub-recycling","outcome":"done"}\n'
NOTING = '#!/bin/sh\nprintf "%s\\n" "$*" >> "{notes}"\nexec {curl} "$@"\n'


@cache
def declared() -> dict[str, str]:
    """The variables that the program gives the job."""
    arguments = RecyclingArgs(
        place=workplace(),
        aws_cli="2.36.44",
        role=Role.HUB,
        schedule="0 3 * * *",
        deadline_seconds=3600,
        api_cidrs=("172.20.0.1/32",),
    )
    job: Any = manifest(record(lambda: Recycling("recycling", arguments)).one(kubernetes.batch.v1.CronJob))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable["value"] for variable in container["env"]}


@dataclass
class Job:
    """The job's place: its credentials, and what it was seen to run."""

    user: User
    home: Path
    changed: dict[str, str] = field(default_factory=dict[str, str])

    def token(self, text: str) -> None:
        (self.home / "token").write_text(text)

    def restart(self, api: KubernetesApi, shell: Sequence[str] = SHELLS[0]) -> CompletedProcess[str]:
        environment = {
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            "KUBERNETES_SERVICE_HOST": "localhost",
            "KUBERNETES_SERVICE_PORT": str(api.port),
            **declared(),
            "CREDENTIALS": str(self.home),
            "PAUSE_SECONDS": "0",
            **self.changed,
        }
        self.user.own(*self.home.rglob("*"))
        return run([*shell, str(self.home / "restart.sh")], user=self.user, environment=environment)

    @property
    def command_lines(self) -> str:
        return (self.home / "notes").read_text()


@contextmanager
def job_of(user: User, roots: Path) -> Generator[Job]:
    with directory(user) as home:
        shutil.copy(roots, home / "ca.crt")
        (home / "restart.sh").write_text(script())
        (home / "notes").touch()
        (home / "bin").mkdir()
        curl = home / "bin" / "curl"
        curl.write_text(NOTING.format(notes=home / "notes", curl=program("curl")))
        curl.chmod(0o755)
        job = Job(user, home)
        job.token("token-of-a-pod")
        yield job


@pytest.fixture
def job(user: User, authority: Authority) -> Generator[Job]:
    with job_of(user, authority.roots) as made:
        yield made


@pytest.fixture
def certificate(authority: Authority) -> KeyPair:
    return authority.certify("localhost")


@pytest.mark.parametrize("shell", SHELLS, ids=["sh", "bash"])
@pytest.mark.parametrize("replicas", [0, 1, 3])
def test_all_pods_become_new_and_nothing_else_changes(
    job: Job, certificate: KeyPair, shell: Sequence[str], replicas: int
) -> None:
    with kubernetes_api(certificate, KubernetesApi(deployment(replicas))) as api:
        done = job.restart(api, shell)
    assert (done.returncode, done.stdout) == (0, DONE)
    (change,) = api.patches
    assert change["metadata"] == {"resourceVersion": "100"}
    template = {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": annotation(api)}}}
    assert change["spec"] == {"template": template}
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", annotation(api))
    assert api.object["spec"]["template"]["spec"] == deployment(replicas)["spec"]["template"]["spec"]
    assert api.settled
    assert api.managers == ["fieldManager=tmi-recycling"]


def annotation(api: KubernetesApi) -> str:
    return api.object["spec"]["template"]["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"]


def test_the_token_is_on_no_command_line_and_in_no_log(job: Job, certificate: KeyPair) -> None:
    with kubernetes_api(certificate, KubernetesApi(deployment(1))) as api:
        done = job.restart(api)
    assert set(api.heard) == {"Bearer token-of-a-pod"}
    assert "PATCH" in job.command_lines
    assert "token-of-a-pod" not in job.command_lines + done.stdout


def test_a_token_that_is_renewed_meanwhile_is_read_anew(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(2))

    def renew() -> None:
        api.token = f"token-{len(api.heard)}"
        job.token(api.token)

    api.after_answer = renew
    with kubernetes_api(certificate, api):
        assert job.restart(api).returncode == 0
    assert len(set(api.heard)) > 2


def test_a_rollout_under_way_is_waited_for(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(3))
    api.begin()
    with kubernetes_api(certificate, api):
        assert job.restart(api).returncode == 0
    assert api.settled_at_patch == [True]


def test_pods_that_another_scale_asked_for_are_waited_for(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(3))
    api.object["spec"]["replicas"] = 4
    job.changed = {"WAIT_SECONDS": "0"}
    with kubernetes_api(certificate, api):
        done = job.restart(api)
    assert (done.returncode, api.patches) == (1, [])
    assert done.stdout == "tmi-hub is still in a rollout after 0 s\n"


def test_none_begins_on_top_of_one_that_is_stuck(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(3))
    api.object["status"] |= {"updatedReplicas": 1, "conditions": [STUCK]}
    with kubernetes_api(certificate, api):
        done = job.restart(api)
    assert (done.returncode, api.patches) == (1, [])
    assert done.stdout == "tmi-hub is stuck in a rollout: see why its new pods do not become ready\n"


def test_new_pods_that_do_not_become_ready_fail_the_job(job: Job, certificate: KeyPair) -> None:
    with kubernetes_api(certificate, KubernetesApi(deployment(3), ready=False)) as api:
        done = job.restart(api)
    assert (done.returncode, len(api.patches)) == (1, 1)
    assert "is stuck in a rollout" in done.stdout


def test_a_paused_deployment_is_left_alone(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(2))
    api.object["spec"]["paused"] = True
    with kubernetes_api(certificate, api):
        done = job.restart(api)
    assert (done.returncode, api.patches) == (1, [])
    assert done.stdout == "tmi-hub is paused: kubectl rollout resume\n"


def test_a_change_by_somebody_else_comes_first(job: Job, certificate: KeyPair) -> None:
    api = KubernetesApi(deployment(2))
    api.before_patch = api.begin
    with kubernetes_api(certificate, api):
        done = job.restart(api)
    assert (done.returncode, api.patches) == (1, [])
    assert "error: 409" in done.stdout


def test_an_api_that_is_busy_is_asked_again(job: Job, certificate: KeyPair) -> None:
    with kubernetes_api(certificate, KubernetesApi(deployment(1), busy=1)) as api:
        assert job.restart(api).returncode == 0
    assert len(api.patches) == 1


def test_a_token_that_is_refused_fails_the_job(job: Job, certificate: KeyPair) -> None:
    job.token("another")
    with kubernetes_api(certificate, KubernetesApi(deployment(1))) as api:
        done = job.restart(api)
    assert (done.returncode != 0, api.patches) == (True, [])
    assert "error: 401" in done.stdout


def test_an_api_of_another_authority_never_hears_the_token(
    user: User, certificate: KeyPair, strangers: Authority
) -> None:
    with job_of(user, strangers.roots) as job, kubernetes_api(certificate, KubernetesApi(deployment(1))) as api:
        assert job.restart(api).returncode != 0
    assert api.heard == []


def test_an_api_of_another_name_never_hears_the_token(job: Job, authority: Authority) -> None:
    other = authority.certify("other.example.com")
    with kubernetes_api(other, KubernetesApi(deployment(1))) as api:
        assert job.restart(api).returncode != 0
    assert api.heard == []
