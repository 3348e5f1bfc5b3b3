"""The add-ons: what they may do, and that they can start at all on nodes that deny by default."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.add_ons import LOG_KINDS, AddOns, AddOnsArgs
from components.log_sink import LogSink
from tests.cloud import Cloud, Declared, run
from tests.manifests import manifest, validated


def add_ons() -> Cloud:
    args = AddOnsArgs(
        account="111111111111",
        cluster_name="tmi-dev",
        cluster_dns="172.20.0.10",
        logs=LogSink(key_arn="arn:aws:kms:::key/logs", retention_days=30),
    )
    return run(lambda: AddOns("add-ons", args))


def add_on(cloud: Cloud, name: str) -> Declared:
    return cloud.one(aws.eks.Addon, f"add-ons-{name}")


def traffic(cloud: Cloud, namespace: str) -> dict[str, Any]:
    policies = [manifest(policy) for policy in cloud.of(kubernetes.networking.v1.NetworkPolicy)]
    return next(policy["spec"] for policy in policies if policy["metadata"]["namespace"] == namespace)


def test_every_add_on_waits_for_the_policy_its_pods_need() -> None:
    cloud = add_ons()
    assert len(cloud.of(aws.eks.Addon)) == 3
    assert "add-ons-system-traffic" in add_on(cloud, "metrics-server").dependencies
    assert "add-ons-system-traffic" in add_on(cloud, "aws-secrets-store-csi-driver-provider").dependencies
    assert "add-ons-logging-traffic" in add_on(cloud, "amazon-cloudwatch-observability").dependencies


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
