"""The nodes: where they stand, what they deny, when they go."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as kubernetes

from components.node_pool import NodePool, NodePoolArgs
from components.settings import parse
from tests.cloud import Cloud, run
from tests.manifests import manifest, validated
from tests.stack_files import changed


def node_pool(**fields: object) -> Cloud:
    settings = parse(changed("dev", **fields))
    args = NodePoolArgs(
        settings=settings.cluster.nodes,
        zones=settings.network.zones,
        node_role_name="node-role",
        subnet_ids=["subnet-a", "subnet-b"],
        nodes_group_id="sg-nodes",
        pods_group_id="sg-pods",
        key_arn="arn:aws:kms:eu-west-1:111111111111:key/cluster",
        tags={"tmi:stack": "tmi-dev"},
    )
    return run(lambda: NodePool("nodes", args))


def custom(cloud: Cloud, name: str) -> dict[str, Any]:
    found = [resource for resource in cloud.resources if resource.name == name]
    assert len(found) == 1
    return manifest(found[0])


def test_nodes_and_pods_have_groups_of_their_own_and_pods_are_denied_by_default() -> None:
    spec = custom(node_pool(), "nodes-class")["spec"]
    assert spec == {
        "role": "node-role",
        "subnetSelectorTerms": [{"id": "subnet-a"}, {"id": "subnet-b"}],
        "securityGroupSelectorTerms": [{"id": "sg-nodes"}],
        "podSubnetSelectorTerms": [{"id": "subnet-a"}, {"id": "subnet-b"}],
        "podSecurityGroupSelectorTerms": [{"id": "sg-pods"}],
        "networkPolicy": "DefaultDeny",
        "networkPolicyEventLogs": "Enabled",
        "ephemeralStorage": {"size": "80Gi", "kmsKeyID": "arn:aws:kms:eu-west-1:111111111111:key/cluster"},
        "tags": {"tmi:stack": "tmi-dev"},
    }


def test_policies_are_enforced_before_there_is_a_node() -> None:
    cloud = node_pool()
    switch = cloud.one(kubernetes.core.v1.ConfigMap)
    assert switch.inputs["metadata"] == {"name": "amazon-vpc-cni", "namespace": "kube-system"}
    assert switch.inputs["data"] == {"enable-network-policy-controller": "true"}
    by_name = {resource.name: resource for resource in cloud.resources}
    assert switch.name in by_name["nodes-class"].dependencies
    assert "nodes-class" in by_name["nodes-pool"].dependencies


def test_the_pool_follows_the_stack_file() -> None:
    cloud = node_pool(
        cluster__nodes__architecture="amd64",
        cluster__nodes__instance_categories=["m", "r"],
        cluster__nodes__lowest_generation=7,
        cluster__nodes__vcpus=[4, 8],
        cluster__nodes__capacity_types=["on-demand", "spot"],
        cluster__nodes__disk_gib=120,
    )
    spec = custom(cloud, "nodes-pool")["spec"]
    template = spec["template"]["spec"]
    assert {(each["key"], each["operator"], *each["values"]) for each in template["requirements"]} == {
        ("kubernetes.io/arch", "In", "amd64"),
        ("kubernetes.io/os", "In", "linux"),
        ("topology.kubernetes.io/zone", "In", "eu-west-1a", "eu-west-1b"),
        ("karpenter.sh/capacity-type", "In", "on-demand", "spot"),
        ("eks.amazonaws.com/instance-category", "In", "m", "r"),
        ("eks.amazonaws.com/instance-generation", "Gt", "6"),
        ("eks.amazonaws.com/instance-cpu", "In", "4", "8"),
    }
    assert template["nodeClassRef"]["name"] == custom(cloud, "nodes-class")["metadata"]["name"]
    assert spec["limits"] == {"cpu": "16", "memory": "64Gi"}
    assert custom(cloud, "nodes-class")["spec"]["ephemeralStorage"]["size"] == "120Gi"


def test_a_node_ends_within_21_days_its_pods_leaving_in_time() -> None:
    cloud = node_pool(cluster__nodes__expire_after_hours=400, cluster__nodes__drain_hours=100)
    template = custom(cloud, "nodes-pool")["spec"]["template"]["spec"]
    assert (template["expireAfter"], template["terminationGracePeriod"]) == ("400h", "100h")


def test_outside_the_window_only_empty_nodes_go_and_inside_one_at_a_time() -> None:
    cloud = node_pool(cluster__nodes__maintenance_window="sat:22:30-sun:01:00")
    disruption = custom(cloud, "nodes-pool")["spec"]["disruption"]
    assert disruption == {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "10m",
        "budgets": [
            {"nodes": "1"},
            {"nodes": "0", "reasons": ["Drifted", "Underutilized"], "schedule": "0 1 * * 0", "duration": "165h30m"},
        ],
    }


def test_its_objects_are_valid() -> None:
    assert sorted(validated(node_pool().resources)) == ["ConfigMap", "NodeClass", "NodePool"]
