"""Nodes: judged, bounded, private; Auto Mode as a whole; add-ons that were chosen."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.cluster.nodes import ADD_ONS_PINNED, AUTO_MODE_WHOLE, NODE_POOLS_BOUNDED, NODES_JUDGED, SUBNETS_NAMED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations
from tests.policy.mutations.changing import changed
from tests.policy.pods import faults

CLUSTER = "aws:eks/cluster:Cluster"
CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
ON: Plain = {"enabled": True}
OFF: Plain = {"enabled": False}


def cluster(compute: Plain, network: Plain, storage: Plain, own: Plain = None) -> Resource:
    return resource(
        CLUSTER,
        "it",
        {
            "computeConfig": compute,
            "kubernetesNetworkConfig": {"elasticLoadBalancing": network},
            "storageConfig": {"blockStorage": storage},
            "bootstrapSelfManagedAddons": own,
        },
    )


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (cluster(ON, ON, ON, own=False), 0),
        (cluster(OFF, OFF, OFF), 0),
        (cluster(OFF, None, None, own=True), 0),
        (resource(CLUSTER, "it"), 0),
        (cluster(ON, ON, ON), 1),
        (cluster(ON, ON, ON, own=True), 1),
        (cluster(ON, ON, ON, own=UNKNOWN), 1),
        (cluster(ON, ON, OFF, own=False), 1),
        (cluster(ON, None, None, own=False), 1),
        (cluster(OFF, ON, ON), 2),
        (cluster(UNKNOWN, ON, ON, own=False), 1),
        (cluster({"enabled": [ON]}, {"enabled": {}}, ON, own=False), 1),
        (resource(CLUSTER, "it", {"computeConfig": [ON], "storageConfig": "on"}), 1),
    ],
)
def test_auto_mode_is_on_or_off(given: Resource, count: int) -> None:
    assert len(faults(AUTO_MODE_WHOLE, given)) == count


SPEC: Plain = {
    "template": {
        "spec": {
            "nodeClassRef": {"name": "tmi"},
            "expireAfter": "336h",
            "terminationGracePeriod": "168h",
        }
    },
    "limits": {"cpu": "16", "memory": "64Gi"},
}
IN_NODE = ("template", "spec")


def pool(*path: str, to: Plain = None) -> Resource:
    return resource("kubernetes:karpenter.sh/v1:NodePool", "pool", {"spec": changed(SPEC, path, to) if path else SPEC})


NODE_CLASS = resource(CLASS, "class", {"metadata": {"name": "tmi"}})


@pytest.mark.parametrize(("pools", "passes"), [(None, True), ([], True), (["system"], False), (UNKNOWN, False)])
def test_no_pool_of_eks(pools: Plain, *, passes: bool) -> None:
    given = resource(CLUSTER, "it", {"computeConfig": {"enabled": True, "nodePools": pools}})
    assert (faults(NODES_JUDGED, given) == []) is passes


@pytest.mark.parametrize(("name", "passes"), [("tmi", True), ("default", False), (None, False), (UNKNOWN, False)])
def test_a_pool_has_a_class_of_the_stack(name: Plain, *, passes: bool) -> None:
    made = pool(*IN_NODE, "nodeClassRef", "name", to=name)
    assert (faults(NODES_JUDGED, NODE_CLASS, made) == []) is passes
    assert faults(NODES_JUDGED, NODE_CLASS, made_from(made, "spec", NODE_CLASS)) == []


TIMES = "expireAfter and terminationGracePeriod must be given, as times"
LONG = "expireAfter and terminationGracePeriod must come to 504 hours or less"


@pytest.mark.parametrize(
    ("path", "to", "expected"),
    [
        ((), None, []),
        (("limits", "cpu"), None, ["spec.limits.cpu must be given"]),
        (("limits",), None, ["spec.limits.cpu must be given", "spec.limits.memory must be given"]),
        (("limits", "memory"), UNKNOWN, ["spec.limits.memory must be given"]),
        (("limits", "memory"), "0", ["spec.limits.memory must be given"]),
        ((*IN_NODE, "expireAfter"), "335h59m60s", []),
        ((*IN_NODE, "expireAfter"), "336h1s", [LONG]),
        ((*IN_NODE, "expireAfter"), "720h", [LONG]),
        ((*IN_NODE, "expireAfter"), "Never", [TIMES]),
        ((*IN_NODE, "expireAfter"), None, [TIMES]),
        ((*IN_NODE, "expireAfter"), "", [TIMES]),
        ((*IN_NODE, "terminationGracePeriod"), None, [TIMES]),
        ((*IN_NODE, "terminationGracePeriod"), UNKNOWN, [TIMES]),
        ((*IN_NODE, "terminationGracePeriod"), 168, [TIMES]),
        (("disruption", "budgets"), [{"nodes": "1"}, {"nodes": "0", "schedule": "0 9 * * 0"}], []),
        (("disruption", "budgets"), [{"nodes": "0"}], ["a budget without schedule lets no node be renewed, ever"]),
        (("disruption", "budgets"), UNKNOWN, []),
    ],
)
def test_a_pool_is_bounded(path: tuple[str, ...], to: Plain, expected: list[str]) -> None:
    assert faults(NODE_POOLS_BOUNDED, pool(*path, to=to)) == expected


SUBNETS = [resource("aws:ec2/subnet:Subnet", name, {"id": f"subnet-{name}"}) for name in ("a", "b")]
IDS: list[Plain] = ["subnet-a", "subnet-b"]
UNNAMED = "{} must name its subnets by their ids, all of this stack"


def of_cluster(ids: Plain, *subnets: Resource) -> Resource:
    return resource(CLUSTER, "it", {"vpcConfig": {"subnetIds": ids}}, vpcConfig=subnets)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (of_cluster(IDS), []),
        (of_cluster([UNKNOWN, UNKNOWN], *SUBNETS), []),
        (of_cluster(UNKNOWN, *SUBNETS), []),
        (of_cluster([UNKNOWN, UNKNOWN, UNKNOWN], *SUBNETS), [UNNAMED.format("vpcConfig")]),
        (of_cluster([*IDS, "subnet-c"]), [UNNAMED.format("vpcConfig")]),
        (of_cluster([]), [UNNAMED.format("vpcConfig")]),
        (of_cluster(None), [UNNAMED.format("vpcConfig")]),
        (resource(CLASS, "it", {"spec": {"subnetSelectorTerms": [{"id": each} for each in IDS]}}), []),
        (
            resource(CLASS, "it", {"spec": {"subnetSelectorTerms": [{"tags": {"tier": "app"}}]}}),
            [UNNAMED.format("spec")],
        ),
        (resource(CLASS, "it"), [UNNAMED.format("spec")]),
    ],
)
def test_nodes_name_subnets_of_the_stack(given: Resource, expected: list[str]) -> None:
    assert faults(SUBNETS_NAMED, *SUBNETS, given) == expected


def test_pods_may_stand_elsewhere_than_nodes_but_as_well() -> None:
    terms: Plain = [{"id": "subnet-b"}]
    for name, expected in (("subnet-b", []), ("subnet-c", [UNNAMED.format("spec")])):
        spec: Plain = {"subnetSelectorTerms": terms, "podSubnetSelectorTerms": [{"id": name}]}
        assert faults(SUBNETS_NAMED, *SUBNETS, resource(CLASS, "it", {"spec": spec})) == expected


def add_on(**properties: Plain) -> Resource:
    sound: dict[str, Plain] = {
        "addonName": "metrics-server",
        "addonVersion": "v0.9.0-eksbuild.5",
        "resolveConflictsOnCreate": "OVERWRITE",
        "resolveConflictsOnUpdate": "PRESERVE",
    }
    return resource("aws:eks/addon:Addon", "it", {**sound, **properties})


@pytest.mark.parametrize("compute", [ON, OFF, None, UNKNOWN])
@pytest.mark.parametrize(
    ("properties", "count"),
    [
        ({}, 0),
        ({"addonVersion": None}, 1),
        ({"addonVersion": UNKNOWN}, 1),
        ({"addonVersion": 1}, 1),
        ({"resolveConflictsOnCreate": None, "resolveConflictsOnUpdate": None}, 2),
        ({"resolveConflictsOnUpdate": "NONE"}, 1),
        ({"resolveConflictsOnCreate": ["OVERWRITE"]}, 1),
    ],
)
def test_an_add_on_is_chosen(compute: Plain, properties: dict[str, Plain], count: int) -> None:
    around = resource(CLUSTER, "cluster", {"computeConfig": compute})
    assert len(faults(ADD_ONS_PINNED, around, add_on(**properties))) == count


@pytest.mark.parametrize("name", ["vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent"])
def test_auto_mode_brings_its_own(name: str) -> None:
    for compute, count in ((ON, 1), (OFF, 0)):
        around = resource(CLUSTER, "cluster", {"computeConfig": compute})
        assert len(violations(ADD_ONS_PINNED, around, add_on(addonName=name))) == count
