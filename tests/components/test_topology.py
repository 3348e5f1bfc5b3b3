"""One topology and the other: what is put beside the hub and taken away again, and that the hub never notices."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from tests.alarms import MEASURED_OF_THE_POOL, OF_THE_POOL
from tests.cloud import Cloud, Declared
from tests.manifests import manifest
from tests.server import needs, server
from tests.stack_files import changed
from tests.stacks.program import record, recorded

SINGLE: Final = {"kind": "single"}
BESIDE_THE_HUB: Final = {
    *OF_THE_POOL,
    *MEASURED_OF_THE_POOL,
    "alarms-pool-recycling-missing",
    "job-results-pool-recycling",
    "load-balancer-collaboration",
    "load-balancer-diagram-writes",
    "load-balancer-logins",
    "load-balancer-pool",
    "load-balancer-saml",
    "load-balancer-sessions",
    "load-balancer-threat-model-deletion",
    "load-balancer-timmy",
    "pool-recycling",
    "pool-recycling-account",
    "pool-recycling-guard",
    "pool-recycling-guard-binding",
    "pool-recycling-job",
    "pool-recycling-network",
    "pool-recycling-restarting",
    "pool-recycling-restarting-binding",
    "pool-recycling-script",
    "pool-route",
    "pool-route-pool",
    "server-pool",
    "server-pool-autoscaler",
    "server-pool-deployment",
    "server-pool-disruption-budget",
    "server-pool-haproxy",
    "server-pool-targets",
    "server-pool-targets-binding",
    "server-pool-targets-service",
    "server-tmi-pool",
    "server-tmi-pool-destinations",
}
"""What stands in a stack with a pool and in no other."""
DIFFERENT: Final = {
    "alarms-service-down",  # the pool's alarms are among its own
    *(f"alarms-cache-{number}-connections" for number in ("001", "002", "003")),
    "alarms-hub-leak-slope",  # the pool takes its share of the load
    *(f"dashboards-{name}" for name in ("on-call", "edge", "server", "cluster", "cache")),
    "load-balancer-https",  # the pool has a name in its default, and no share
    "server-tmi-quota-others",
}
"""What is in both, and not the same."""


@cache
def single() -> Cloud:
    # One pod carries less, and no object but the restarts depends on the load.
    fields = {"server__topology": SINGLE, "server__expected_load__other_requests_per_minute": 40}
    return record(changed("prod", **fields), stack="prod")


def by_name(cloud: Cloud) -> dict[str, Declared]:
    return {resource.name: resource for resource in cloud.resources}


def asked(resource: Declared) -> Any:  # noqa: ANN401 -- whatever a resource is asked for
    return manifest(resource) if resource.type.startswith("kubernetes:") else resource.inputs


def test_a_pool_is_added_and_nothing_is_taken_away() -> None:
    alone, beside = by_name(single()), by_name(recorded("prod"))
    assert alone.keys() - beside.keys() == set()
    assert beside.keys() - alone.keys() == BESIDE_THE_HUB


def test_what_is_there_already_stays_as_it_is() -> None:
    alone, beside = by_name(single()), by_name(recorded("prod"))
    assert {name for name in alone if asked(alone[name]) != asked(beside[name])} == DIFFERENT


def test_the_hub_is_the_same_object_whatever_stands_beside_it() -> None:
    (hub,) = single().of(kubernetes.apps.v1.Deployment)
    assert hub.name == "server-hub-deployment"
    assert asked(hub) == asked(recorded("prod").one(kubernetes.apps.v1.Deployment, hub.name))


def test_the_way_to_the_pool_opens_after_its_pods_and_closes_before_they_go() -> None:
    """Pulumi takes away in the opposite order of what depends on what."""
    needed = needs(recorded("prod"), "pool-route-pool")
    assert {"server-pool-deployment", "server-pool-targets-binding", "load-balancer-pool"} <= needed
    hubs = {name for name in BESIDE_THE_HUB if name.startswith("load-balancer-")}
    assert hubs <= needed, "or the pool would be asked what the hub has to answer"


def test_the_balancer_knows_the_pool_before_the_first_request_goes_there() -> None:
    cloud = recorded("prod")
    listener = cloud.one(aws.lb.Listener, "load-balancer-https")
    groups = {group.inputs["arn"]: group.name for group in cloud.of(aws.lb.TargetGroup)}
    (action,) = listener.inputs["defaultActions"]
    shares = {groups[each["arn"]]: each["weight"] for each in action["forward"]["targetGroups"]}
    assert shares == {"load-balancer-hub": 1, "load-balancer-pool": 0}
    assert not any(name.startswith("server-") for name in needs(cloud, listener.name))


def test_a_pool_without_targets_is_refused() -> None:
    with pytest.raises(ValueError, match="pool_target_group_arn"):
        server("prod", replaced={"pool_target_group_arn": None})
    with pytest.raises(ValueError, match="pool_target_group_arn"):
        server("dev", replaced={"pool_target_group_arn": "arn"})
