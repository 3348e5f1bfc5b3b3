"""A pool put beside a running hub and taken away again, on the engine: what changes, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from sandbox.events import Finished, Started
from tests.alarms import OF_THE_POOL
from tests.engine.harness import ROOT, Project, Result
from tests.stack_files import changed, document

POOL: Final = document("prod")["server"]["topology"]["pool"] | {"resources": document()["server"]["resources"]}
BESIDE: Final = {"server__topology": {"kind": "hub_and_pool", "pool": POOL}}
ADDED: Final = {
    *OF_THE_POOL,
    *(
        f"load-balancer-{name}"
        for name in (
            "collaboration",
            "diagram-writes",
            "logins",
            "pool",
            "saml",
            "sessions",
            "threat-model-deletion",
            "timmy",
        )
    ),
    "pool-recycling",
    "job-results-pool-recycling",
    "alarms-pool-recycling-missing",
    *(
        f"pool-recycling-{name}"
        for name in (
            "account",
            "guard",
            "guard-binding",
            "job",
            "network",
            "restarting",
            "restarting-binding",
            "script",
        )
    ),
    "pool-route",
    "pool-route-pool",
    "server-pool",
    *(
        f"server-pool-{name}"
        for name in (
            "autoscaler",
            "deployment",
            "disruption-budget",
            "haproxy",
            "targets",
            "targets-binding",
            "targets-service",
        )
    ),
    "server-tmi-pool",
}
ADJUSTED: Final = {
    "alarms-cache-001-connections": "update",
    "alarms-service-down": "update",
    **{f"dashboards-{name}": "update" for name in ("on-call", "edge", "cluster", "cache")},
    "load-balancer-https": "update",
    "server-tmi-quota-others": "update",
}


@dataclass
class Switched:
    """A stack with one pod, with a pool, and with one pod again."""

    alone: Result
    planned: Result
    beside: Result
    alone_again: Result


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Switched:
    def file(**fields: object) -> dict[str, Any]:
        return {"tmi:stack": changed("dev", **fields)}

    project = Project(tmp_path_factory.mktemp("topology"), cli, ROOT / "__main__.py", file(), None)

    def with_file(**fields: object) -> Project:
        project.write_config(file(**fields))
        return project

    return Switched(
        alone=with_file().up(),
        planned=with_file(**BESIDE).preview(),
        beside=with_file(**BESIDE).up(),
        alone_again=with_file().up(),
    )


def began(result: Result, name: str) -> int:
    return next(at for at, event in enumerate(result.events) if isinstance(event, Started) and event.step.name == name)


def ended(result: Result, name: str) -> int:
    return next(at for at, event in enumerate(result.events) if isinstance(event, Finished) and event.step.name == name)


def test_the_preview_says_what_a_pool_adds_and_that_the_hub_stays(switched: Switched) -> None:
    assert switched.alone.exit_code == switched.planned.exit_code == 0
    assert switched.planned.changed == dict.fromkeys(ADDED, "create") | ADJUSTED
    assert not [name for name in switched.planned.changed if name.startswith("server-hub")]


def test_the_deployment_does_what_the_preview_said(switched: Switched) -> None:
    assert switched.beside.exit_code == 0, switched.beside.errors
    assert switched.beside.changed == switched.planned.changed


def test_the_way_to_the_pool_opens_when_its_pods_are_ready(switched: Switched) -> None:
    opened = began(switched.beside, "pool-route-pool")
    rules = {name for name in ADDED if name.startswith("load-balancer-")}
    for name in {"server-pool-deployment", "load-balancer-https"} | rules:
        assert ended(switched.beside, name) < opened
    assert ended(switched.beside, "server-pool-targets-binding") < began(switched.beside, "server-pool-deployment")
    # Room for all of them, before the first of them comes.
    assert ended(switched.beside, "server-tmi-quota-others") < began(switched.beside, "server-pool-deployment")


def test_back_to_one_pod_takes_away_exactly_that(switched: Switched) -> None:
    assert switched.alone_again.exit_code == 0, switched.alone_again.errors
    assert switched.alone_again.changed == dict.fromkeys(ADDED, "delete") | ADJUSTED
    assert switched.alone_again.names == switched.alone.names


def test_the_way_to_the_pool_closes_before_anything_of_it_goes(switched: Switched) -> None:
    again = switched.alone_again
    closed = ended(again, "pool-route-pool")
    for name in ADDED:
        if name.startswith(("load-balancer-", "server-")):
            assert closed < began(again, name), name
    # The pods have left their target group, and the policy that lets them work, before these are gone.
    for name in ("server-pool-targets-binding", "server-tmi-pool"):
        assert ended(again, "server-pool-deployment") < began(again, name)
