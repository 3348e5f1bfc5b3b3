"""The add-ons: what they may do, and that they can start at all on nodes that deny by default."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.add_ons import AddOns, AddOnsArgs
from components.log_sink import LogSink
from components.observability import LOG_KINDS
from components.settings import parse
from tests.cloud import Cloud, Declared, run
from tests.iam import findings
from tests.manifests import manifest, validated
from tests.stack_files import changed


def add_ons(**fields: object) -> Cloud:
    args = AddOnsArgs(
        account="111111111111",
        region="eu-west-1",
        cluster_name="tmi-dev",
        versions=parse(changed("dev", **fields)).cluster.add_ons,
        cluster_dns="172.20.0.10",
        logs=LogSink(key_arn="arn:aws:kms:::key/logs", retention_days=30),
    )
    return run(lambda: AddOns("add-ons", args))


def add_on(cloud: Cloud, name: str) -> Declared:
    found = [each for each in cloud.of(aws.eks.Addon) if each.inputs["addonName"] == name]
    assert len(found) == 1
    return found[0]


def traffic(cloud: Cloud, namespace: str) -> dict[str, Any]:
    policies = [manifest(policy) for policy in cloud.of(kubernetes.networking.v1.NetworkPolicy)]
    return next(policy["spec"] for policy in policies if policy["metadata"]["namespace"] == namespace)


def test_every_add_on_waits_for_the_policy_its_pods_need() -> None:
    cloud = add_ons()
    assert len(cloud.of(aws.eks.Addon)) == 3
    by_name = {resource.name: resource for resource in cloud.resources}
    assert "add-ons-system-traffic" in add_on(cloud, "metrics-server").dependencies
    assert "add-ons-system-traffic" in by_name["add-ons-secrets-driver"].dependencies
    assert "add-ons-logging-traffic" in by_name["add-ons-observability"].dependencies
    assert add_on(cloud, "aws-secrets-store-csi-driver-provider").parent == "add-ons-secrets-driver"
    assert add_on(cloud, "amazon-cloudwatch-observability").parent == "add-ons-observability"


def test_each_has_the_version_of_the_stack_file_and_what_is_changed_by_hand_is_put_back() -> None:
    cloud = add_ons(
        cluster__add_ons__metrics_server="v1.0.0-eksbuild.1",
        cluster__add_ons__secrets_store_driver="v2.0.0-eksbuild.2",
        cluster__add_ons__cloudwatch_observability="v3.0.0-eksbuild.3",
    )
    assert {each.inputs["addonName"]: each.inputs["addonVersion"] for each in cloud.of(aws.eks.Addon)} == {
        "metrics-server": "v1.0.0-eksbuild.1",
        "aws-secrets-store-csi-driver-provider": "v2.0.0-eksbuild.2",
        "amazon-cloudwatch-observability": "v3.0.0-eksbuild.3",
    }
    for each in cloud.of(aws.eks.Addon):
        assert each.inputs["resolveConflictsOnCreate"] == each.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"


def test_metrics_are_collected_and_nothing_is_instrumented() -> None:
    values = json.loads(add_on(add_ons(), "amazon-cloudwatch-observability").inputs["configurationValues"])
    assert values == {
        "agent": {"config": {"logs": {"metrics_collected": {"kubernetes": {"enhanced_container_insights": True}}}}},
        "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}},
    }


def test_pods_of_add_ons_reach_the_api_kubelets_dns_and_their_credentials() -> None:
    spec = traffic(add_ons(), "kube-system")
    assert spec["podSelector"] == {}
    assert [port["port"] for rule in spec["ingress"] for port in rule["ports"]] == [10251]
    apis, dns, credentials = spec["egress"]
    assert [port["port"] for port in apis["ports"]] == [443, 10250]
    assert dns["to"] == [{"ipBlock": {"cidr": "172.20.0.10/32"}}]
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == {("UDP", 53), ("TCP", 53)}
    assert credentials["to"] == [{"ipBlock": {"cidr": "169.254.170.23/32"}}]
    assert [port["port"] for port in credentials["ports"]] == [80]


def test_logs_have_encrypted_groups_before_anything_writes_them() -> None:
    cloud = add_ons()
    groups = cloud.of(aws.cloudwatch.LogGroup)
    assert {group.inputs["name"] for group in groups} == {
        f"/aws/containerinsights/tmi-dev/{kind}" for kind in LOG_KINDS
    }
    assert {(group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) for group in groups} == {
        ("arn:aws:kms:::key/logs", 30)
    }
    assert {group.name for group in groups} <= add_on(cloud, "amazon-cloudwatch-observability").dependencies


def test_the_agent_takes_its_role_in_this_cluster_alone() -> None:
    cloud = add_ons()
    given = add_on(cloud, "amazon-cloudwatch-observability").inputs["podIdentityAssociations"]
    assert [association["serviceAccount"] for association in given] == ["cloudwatch-agent"]
    trust = json.loads(cloud.one(aws.iam.Role).inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "111111111111",
        "aws:RequestTag/eks-cluster-name": "tmi-dev",
        "aws:RequestTag/kubernetes-namespace": "amazon-cloudwatch",
        "aws:RequestTag/kubernetes-service-account": "cloudwatch-agent",
    }


def test_the_agent_writes_to_the_log_groups_of_this_cluster_alone() -> None:
    cloud = add_ons()
    document = cloud.one(aws.iam.RolePolicy).inputs["policy"]
    writes, reads = json.loads(document)["Statement"]
    assert writes["Resource"] == "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/containerinsights/tmi-dev/*"
    assert writes["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    assert reads["Action"] == ["ec2:DescribeTags", "ec2:DescribeVolumes"]
    assert findings(document) == []
    assert [each for each in cloud.resources if each.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"] == []


def test_the_secrets_driver_may_read_secrets_but_not_write_them_everywhere() -> None:
    cloud = add_ons()
    role = manifest(cloud.one(kubernetes.rbac.v1.ClusterRole))
    assert role["rules"] == [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "watch"]}]
    driver = add_on(cloud, "aws-secrets-store-csi-driver-provider")
    assert driver.inputs["namespaceConfig"] == {"namespace": "kube-system"}
    subject = manifest(cloud.one(kubernetes.rbac.v1.ClusterRoleBinding))["subjects"][0]
    assert (subject["name"], subject["namespace"]) == ("secrets-store-csi-driver", "kube-system")


def test_its_objects_are_valid() -> None:
    kinds = sorted(validated(add_ons().resources))
    assert kinds == ["ClusterRole", "ClusterRoleBinding", "Namespace", "NetworkPolicy", "NetworkPolicy"]
