"""What network policies let a pod do: those of its namespace that select it, each rule an opening more.

`NetworkPolicy` and EKS's `ApplicationNetworkPolicy` add up. Whether a cluster enforces them is a question of the rule
network-policies-enforced. Sources: Kubernetes, network policies; Amazon EKS User Guide, use network policies with EKS
Auto Mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policy.facts.pods import Manifest, Pod, in_namespace, namespace, selected, selects_all
from policy.graph import Graph
from policy.network.addresses import minus, overlap
from policy.network.group_roles import Role
from policy.network.places import Place
from policy.network.verdicts import Verdict, any_way, decided, every_step
from policy.values import UNKNOWN, Plain, elements, network, present, read

POLICY: Final = "networking.k8s.io/v1:NetworkPolicy"
BY_NAME: Final = "networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
_NAME_LABEL: Final = "kubernetes.io/metadata.name"
_ADDRESSES: Final = ("address", "primaryEndpointAddress", "endpoint")
"""Where a store of data says its name once it is deployed."""
_OF_AWS: Final[Mapping[Role, str]] = {Role.ENDPOINTS: ".amazonaws.com", Role.CONTROL_PLANE: ".eks.amazonaws.com"}
"""How the names of what AWS runs end."""


def leaves(graph: Graph, pod: Pod, target: Place, port: int) -> Verdict:
    """Whether the policies of a pod let it open a connection."""
    return _passes(graph, pod, target, port, ("Egress", "egress", "to"))


def enters(graph: Graph, pod: Pod, source: Place, port: int) -> Verdict:
    """Whether the policies of a pod let a connection come in."""
    return _passes(graph, pod, source, port, ("Ingress", "ingress", "from"))


def _passes(graph: Graph, pod: Pod, other: Place, port: int, way: tuple[str, str, str]) -> Verdict:
    """Without a policy of the direction everything passes, even where a NodeClass denies first."""
    kind, field, peers = way
    policies = [each for each in _around(graph, pod) if kind in _kinds(each)]
    ours = [(each, _selects(each, pod)) for each in policies]
    if not any(verdict is Verdict.OPEN for _, verdict in ours):
        return Verdict.OPEN
    return any_way(
        every_step(
            selects,
            _on_port(elements(read(rule, "ports")), port),
            _to_peer(graph, policy, elements(read(rule, peers)), other),
        )
        for policy, selects in ours
        for rule in elements(policy.get("spec", field))
    )


def _around(graph: Graph, pod: Pod) -> list[Manifest]:
    return in_namespace(graph, namespace(graph, pod.manifest), POLICY, BY_NAME)


def _kinds(policy: Manifest) -> list[Plain]:
    """The directions that a policy closes; where it does not say, ingress, and egress if it opens any."""
    stated = policy.get("spec", "policyTypes")
    absent = ["Ingress", *(["Egress"] if present(policy.get("spec", "egress")) else [])]
    return list(elements(stated)) if present(stated) else [*absent]


def _selects(policy: Manifest, pod: Pod) -> Verdict:
    selector = policy.get("spec", "podSelector")
    unclear = selector is UNKNOWN or pod.labels is UNKNOWN
    return Verdict.UNKNOWN if unclear and not selects_all(selector) else decided(passes=selected(pod.labels, selector))


def _on_port(stated: Sequence[Plain], port: int) -> Verdict:
    return any_way(_matches(each, port) for each in stated) if stated else Verdict.OPEN


def _matches(stated: Plain, port: int) -> Verdict:
    if read(stated, "protocol") not in (None, "TCP", UNKNOWN):  # absent: TCP
        return Verdict.CLOSED
    first, last = read(stated, "port"), read(stated, "endPort")
    if first is None:
        return Verdict.OPEN
    if not isinstance(first, int) or not isinstance(last, (int, type(None))):
        return Verdict.UNKNOWN  # a name of a container's port, too
    return decided(passes=first <= port <= (first if last is None else last))


def _to_peer(graph: Graph, policy: Manifest, stated: Sequence[Plain], other: Place) -> Verdict:
    return any_way(_is_peer(graph, policy, each, other) for each in stated) if stated else Verdict.OPEN


def _is_peer(graph: Graph, policy: Manifest, peer: Plain, other: Place) -> Verdict:
    if not isinstance(peer, Mapping):
        return Verdict.UNKNOWN
    return any_way(_meant(graph, policy, peer, other))


def _meant(graph: Graph, policy: Manifest, peer: Mapping[str, Plain], other: Place) -> Iterator[Verdict]:
    if peer.get("ipBlock") is not None:
        yield _in_block(peer["ipBlock"], other)
    if peer.get("domainNames") is not None:
        yield any_way(_named(graph, policy, name, other) for name in elements(peer["domainNames"]))
    if peer.get("podSelector") is not None or peer.get("namespaceSelector") is not None:
        yield _selected(graph, policy, peer, other)


def _in_block(block: Plain, other: Place) -> Verdict:
    addresses = network(read(block, "cidr"))
    if addresses is None:
        return Verdict.UNKNOWN
    excepted = (network(each) for each in elements(read(block, "except")))
    left = minus([addresses], [each for each in excepted if each is not None])
    return decided(passes=overlap(left, other.ranges))


def _named(graph: Graph, policy: Manifest, name: Plain, other: Place) -> Verdict:
    """Whether a name is one of a place: of a store by its address, or by a reference before that is known."""
    if other.role is Role.INTERNET:
        return Verdict.OPEN
    if other.role in _OF_AWS:
        return decided(passes=_meets(name, _OF_AWS[other.role])) if isinstance(name, str) else Verdict.UNKNOWN
    if other.role not in (Role.DATABASE, Role.CACHE) or other.declared_by is None:
        return Verdict.UNKNOWN if other.role is Role.BALANCER else Verdict.CLOSED
    own = [value for each in _ADDRESSES if isinstance(value := other.declared_by.get(each), str)]
    if isinstance(name, str) and own:
        return decided(passes=any(_meets(name, value.partition(":")[0]) for value in own))
    held_in = "items" if policy.listed else "spec"
    referred = graph.references(policy.declared_by, held_in, {other.declared_by.type})
    return Verdict.OPEN if other.declared_by in referred else Verdict.UNKNOWN


def _meets(name: str, ending: str) -> bool:
    """Whether a name ends so, or one that begins with a star may stand for one that does."""
    tail = name.removeprefix("*")
    return tail.endswith(ending) or (tail != name and ending.endswith(tail))


def _selected(graph: Graph, policy: Manifest, peer: Mapping[str, Plain], other: Place) -> Verdict:
    if other.pod is None:
        return Verdict.CLOSED
    where, spaces = namespace(graph, other.pod.manifest), peer.get("namespaceSelector")
    if spaces is None:
        near = decided(passes=where == namespace(graph, policy))
    elif selects_all(spaces):
        near = Verdict.OPEN
    elif where not in graph.resources:
        near = Verdict.UNKNOWN
    else:
        space = graph.resources[where]
        stated = space.get("metadata", "labels")
        labels: Mapping[str, Plain] = stated if isinstance(stated, Mapping) else {}
        near = decided(passes=selected({**labels, _NAME_LABEL: space.get("metadata", "name")}, spaces))
    return every_step(near, decided(passes=selected(other.pod.labels, peer.get("podSelector"))))
