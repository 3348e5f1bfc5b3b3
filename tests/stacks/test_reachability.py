"""Who reaches whom in production, over every layer: each change of it is reviewed, and so is each open way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Network

import pytest
from inline_snapshot import external_file

from policy.graph import Graph
from policy.network.group_roles import Role, assignments
from policy.network.layers import Layer, locks
from policy.network.matrix import Row, as_data, matrix, of_data, paths
from policy.network.places import Place, places
from policy.network.verdicts import Verdict
from policy.rules.network.locks import DATA_BEHIND_TWO_LOCKS
from tests.packets import Host, Wiring
from tests.packets import Layer as Refusal
from tests.policy.making import violations
from tests.policy.mutations.changing import with_value
from tests.policy.mutations.locks import in_acl_of_data, in_groups_of_data, in_routes_of, let_out
from tests.policy.recorded import platform_graph
from tests.stacks.program import recorded

DATABASE = "database database-main-primary"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def cells(graph: Graph) -> dict[tuple[str, str, int], Row]:
    return {(row.source, row.target, row.port): row for row in matrix(graph)}


def prod(*, preview: bool = False) -> Graph:
    return platform_graph("prod", preview=preview)


def test_the_matrix_was_reviewed() -> None:
    lines = [json.dumps(as_data(row)) for row in matrix(prod())]
    assert "\n".join(lines) + "\n" == external_file("reachability.jsonl", format=".txt")


def test_what_is_written_is_read_again() -> None:
    for row in matrix(prod()):
        assert of_data(json.loads(json.dumps(as_data(row)))) == row


def test_nothing_is_unknown_but_what_bears_a_name_of_somebody_else() -> None:
    unclear = [row for row in matrix(prod()) if Verdict.UNKNOWN in row.verdicts.values()]
    # A pod may ask for the balancer by its public name, as any name of the internet that its policy lists.
    assert {(row.source.split()[0], row.target) for row in unclear} == {("pods", "balancer load-balancer-alb")}


def test_the_internet_comes_by_the_balancer_and_the_pods_that_serve() -> None:
    ways = paths(matrix(prod()))
    assert ways[DATABASE] == (
        "internet",
        "balancer load-balancer-alb:80,443",
        "pods server-hub-deployment:8443",
        f"{DATABASE}:5432",
    )
    assert {path[1] for path in ways.values()} == {"balancer load-balancer-alb:80,443"}


@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "preview"])
def test_only_pods_reach_the_data(*, preview: bool) -> None:
    into = [row for row in matrix(prod(preview=preview)) if row.target.startswith(("database", "cache")) and row.open]
    # Before ids are known nobody tells the pods' group from the nodes'.
    assert {row.source.split()[0] for row in into} == {"pods", *(["nodes"] if preview else [])}


def test_what_serves_nobody_is_kept_from_the_data_by_its_policy_alone() -> None:
    row = cells(prod())["pods hub-recycling-job", DATABASE, 5432]
    assert locks(row.verdicts) == [Layer.POLICIES]


def open_policy(graph: Graph) -> Graph:
    policy = next(each for each in graph.of_type(POLICY) if each.name == "hub-recycling-network")
    return with_value(graph, policy, ("spec", "egress"), [{}])


@pytest.mark.parametrize(
    ("opened", "source", "layer", "weak"),
    [
        (in_groups_of_data, "internet", Layer.INGRESS, 6),
        (in_acl_of_data, "internet", Layer.ACLS, 0),
        (in_routes_of("data"), "internet", Layer.ROUTES, 0),
        (let_out, "nodes nodes-class", Layer.EGRESS, 3),
        (open_policy, "pods hub-recycling-job", Layer.POLICIES, 0),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_layer_that_is_opened_shows_in_its_cell(
    opened: Callable[[Graph], Graph], source: str, layer: Layer, weak: int
) -> None:
    before, broken = cells(prod()), opened(prod())
    after = cells(broken)
    where = (source, DATABASE, 5432)
    changed = {each for each in Layer if before[where].verdicts[each] is not after[where].verdicts[each]}
    assert changed == {layer}
    assert (before[where].verdicts[layer], after[where].verdicts[layer]) == (Verdict.CLOSED, Verdict.OPEN)
    # One layer less leaves the internet two. It leaves the nodes one before each store of the group; so does every
    # address that is let in, and the canary has one as well.
    assert len(violations(DATA_BEHIND_TWO_LOCKS, *broken)) == weak
    assert before.keys() == after.keys()


def test_packets_meet_the_same_locks() -> None:
    """The rows against the model of packets, which reads the same network by itself, address by address."""
    graph, wiring = prod(), Wiring(recorded("prod"))
    found = {place.name: place for place in places(graph, assignments(graph)[0])}
    for row in matrix(graph):
        source, target = found[row.source], found[row.target]
        if Role.CONTROL_PLANE in (source.role, target.role):
            continue  # EKS's own group is not part of that model
        verdicts = [
            wiring.connects(one, other, row.port, answers_to=port)
            for one in _hosts(graph, source)
            for other in _hosts(graph, target)
            for port in (443, 5432, 6379, 50_000)  # a caller may come from a port that ACLs let pass, too
        ]
        layers = {
            Refusal.GROUP: (Layer.EGRESS, Layer.INGRESS),
            Refusal.ACL: (Layer.ACLS,),
            Refusal.ROUTE: (Layer.ROUTES,),
        }
        refused = {each for each in layers if all(each in verdict.refused_by for verdict in verdicts)}
        closed = {each for each in layers if any(row.verdicts[layer] is Verdict.CLOSED for layer in layers[each])}
        assert closed == refused, row


def _hosts(graph: Graph, place: Place) -> list[Host]:
    if place.role is Role.INTERNET:
        return [Host("52.95.110.1", public=True)]
    groups = [f"{graph.resources[urn].name}-id" for urn in place.groups]
    addresses = [str(IPv4Network(str(each.get("cidrBlock")))[20]) for each in place.subnets]
    public = place.role is Role.BALANCER
    return [Host(address, group=group, public=public) for address in addresses for group in groups]


def test_what_keeps_the_internet_from_each_place() -> None:
    closed = {row.target: len(locks(row.verdicts)) for row in matrix(prod()) if row.source == "internet"}
    assert Counter(closed.values()) == {0: 1, 2: 1, 3: 8}
    assert all(closed[place] == 3 for place in closed if place.startswith(("database", "cache", "pods")))
