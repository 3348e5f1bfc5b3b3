"""Changes that break the rules of what must not run twice, and of what must not run short; and what a hub is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from policy.graph import Graph, Resource
from policy.values import Plain, elements, read
from tests.policy.mutations.changing import Mutation, changed, first, with_resource, with_value, without

_DEPLOYMENT: Final = "kubernetes:apps/v1:Deployment"
_SCALER: Final = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
_BUDGET: Final = "kubernetes:policy/v1:PodDisruptionBudget"
_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
TEMPLATE: Final = ("spec", "template", "spec")
_LABELS: Final = ("spec", "template", "metadata", "labels")
_POOL: Final[Mapping[str, Plain]] = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "pool"}


def the_hub(graph: Graph) -> Resource:
    found = [
        each for each in graph.of_type(_DEPLOYMENT) if read(each.get(*_LABELS), "app.kubernetes.io/component") != "pool"
    ]
    assert found, "the graph has no hub"
    return found[0]


def in_hub(*path: str, to: Plain) -> Callable[[Graph], Graph]:
    return lambda graph: with_value(graph, the_hub(graph), path, to)


def in_container(*path: str, to: Plain) -> Callable[[Graph], Graph]:
    return in_hub(*TEMPLATE, "containers", "0", *path, to=to)


def _lets_in(policy: Resource) -> bool:
    return bool(elements(policy.get("spec", "ingress"))) and policy.get("spec", "podSelector") != {}


def _second_hub(graph: Graph) -> Graph:
    hub = the_hub(graph)
    return with_resource(graph, replace(hub, urn=f"{hub.urn}-second", name="second"))


def _scaler(of: Resource, **spec: Plain) -> Resource:
    target: Plain = {"kind": "Deployment", "name": of.get("metadata", "name")}
    properties = {"metadata": of.get("metadata"), "spec": {"scaleTargetRef": target, **spec}}
    kept = {name: urns for name, urns in of.dependencies.items() if name == "metadata"}
    return Resource(urn=f"{of.urn}-scaler", type=_SCALER, name="scaler", properties=properties, dependencies=kept)


def _scaled_hub(graph: Graph) -> Graph:
    return with_resource(graph, _scaler(the_hub(graph), minReplicas=1, maxReplicas=2))


def _budget(of: Resource, **spec: Plain) -> Resource:
    properties = {"metadata": of.get("metadata"), "spec": {"selector": {"matchLabels": of.get(*_LABELS)}, **spec}}
    kept = {name: urns for name, urns in of.dependencies.items() if name == "metadata"}
    return Resource(urn=f"{of.urn}-budget", type=_BUDGET, name="budget", properties=properties, dependencies=kept)


def _unmovable_hub(graph: Graph) -> Graph:
    return with_resource(graph, _budget(the_hub(graph), minAvailable=1))


def _with_pool(graph: Graph) -> tuple[Graph, Resource]:
    """A graph with a sound pool, and that: its own, or one made after its hub."""
    own = [each for each in graph.of_type(_DEPLOYMENT) if each.get(*_LABELS, "app.kubernetes.io/component") == "pool"]
    if own:
        return graph, own[0]
    hub = the_hub(graph)
    spread: dict[str, Plain] = {
        "maxSkew": 1,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": _POOL},
    }
    spreads: Plain = [
        {**spread, "topologyKey": key} for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
    strategy: Plain = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    spec = changed(hub.get("spec"), ("strategy",), strategy)
    for path, new in (
        (_LABELS, _POOL),
        ((*TEMPLATE, "topologySpreadConstraints"), spreads),
        (("spec", "replicas"), None),
    ):
        spec = changed(spec, path[1:], new)
    metadata = changed(hub.get("metadata"), ("name",), "tmi-pool")
    pool = replace(
        hub, urn=f"{hub.urn}-pool", name="pool", properties={**hub.properties, "metadata": metadata, "spec": spec}
    )
    opened = next(each for each in graph.of_type(_POLICY) if _lets_in(each))
    policy = replace(opened, urn=f"{opened.urn}-pool", name="pool-network")
    policy = replace(
        policy,
        properties={
            **policy.properties,
            "spec": changed(policy.get("spec"), ("podSelector",), {"matchLabels": _POOL}),
        },
    )
    for each in (pool, policy, _scaler(pool, minReplicas=2, maxReplicas=4), _budget(pool, maxUnavailable=1)):
        graph = with_resource(graph, each)
    return graph, pool


def _in_pool(*path: str, to: Plain) -> Callable[[Graph], Graph]:
    def apply(graph: Graph) -> Graph:
        whole, pool = _with_pool(graph)
        return with_value(whole, pool, path, to)

    return apply


def _lone_member(graph: Graph) -> Graph:
    whole, _ = _with_pool(graph)
    return with_value(whole, first(whole, _SCALER), ("spec", "minReplicas"), 1)


def _unbudgeted_pool(graph: Graph) -> Graph:
    whole, _ = _with_pool(graph)
    return without(whole, first(whole, _BUDGET))


REPLICATION: Final = (
    Mutation("hub-alone", "two hubs run at each update", in_hub("spec", "strategy", to={"type": "RollingUpdate"})),
    Mutation("hub-alone", "there is a second hub", _second_hub),
    Mutation("hub-alone", "the hub is scaled", _scaled_hub),
    Mutation(
        "pool-lossless",
        "an update takes a member away",
        _in_pool("spec", "strategy", "rollingUpdate", "maxUnavailable", to=1),
    ),
    Mutation("pool-lossless", "one member is enough", _lone_member),
    Mutation("pool-lossless", "members share a node", _in_pool(*TEMPLATE, "topologySpreadConstraints", to=None)),
    Mutation("pool-lossless", "a drained node takes all members", _unbudgeted_pool),
    Mutation("evictions-possible", "the hub cannot leave its node", _unmovable_hub),
)
