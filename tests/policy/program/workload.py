"""The workload of the program that is true to every rule: a server behind a Service, and a job by the clock."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

REGISTRY: Final = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
SERVER: Final = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "hub"}
MEMBER: Final = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "pool"}
TRIM: Final = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "trim"}
GROUP: Final = "rbac.authorization.k8s.io"
PORT: Final = 8443

CONTAINER: Final[dict[str, Any]] = {
    "name": "server",
    "image": f"{REGISTRY}/tmi/tmi:1.8.22",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    },
    "resources": {
        "requests": {"cpu": "100m", "memory": "64Mi", "ephemeral-storage": "16Mi"},
        "limits": {"memory": "64Mi", "ephemeral-storage": "16Mi"},
    },
}
POD: Final[dict[str, Any]] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "serviceAccountName": "tmi-server",
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "containers": [CONTAINER],
}


def _meta(namespace: pulumi.Output[str], name: str | None = None) -> ObjectMetaArgs:
    return ObjectMetaArgs(namespace=namespace, name=name)


def _probe(**numbers: int) -> dict[str, Any]:
    return {"httpGet": {"path": "/robots.txt", "port": PORT, "scheme": "HTTPS"}, **numbers}


def _server(settings: pulumi.Output[str]) -> dict[str, Any]:
    probes = {
        "startupProbe": _probe(periodSeconds=5, failureThreshold=240),
        "readinessProbe": _probe(periodSeconds=5),
        "livenessProbe": _probe(failureThreshold=6),
    }
    waits = {"lifecycle": {"preStop": {"sleep": {"seconds": 20}}}}
    reads = {
        "envFrom": [{"configMapRef": {"name": settings}}],
        "env": [{"name": "REDIS_TOKEN", "valueFrom": {"secretKeyRef": {"name": "tmi", "key": "REDIS_TOKEN"}}}],
    }
    return {
        **POD,
        "terminationGracePeriodSeconds": 60,
        "initContainers": [{**CONTAINER, "name": "certificate"}],
        "containers": [{**CONTAINER, **probes, **waits, **reads}],
        "volumes": [{"name": "certificate", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}}],
    }


def workload(targets: aws.lb.TargetGroup, opts: pulumi.ResourceOptions) -> None:
    """Everything that the cluster holds, isolated and bounded."""
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
        "eks.amazonaws.com/pod-readiness-gate-inject": "enabled",
    }
    namespace = kubernetes.core.v1.Namespace("server", metadata={"name": "tmi", "labels": labels}, opts=opts)
    inside: Any = namespace.metadata.name
    _bounds(inside, opts)
    _network(inside, opts)
    _rights(inside, opts)
    _guard(opts)
    settings = kubernetes.core.v1.ConfigMap(
        "environment",
        metadata=_meta(inside, "tmi-environment-0123456789"),
        immutable=True,
        data={
            "TMI_JWT_SECRET": "file:///run/tmi/secrets/jwt",
            "TMI_REDIS_URL": "rediss://redis.example.com:6379/0",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317",
        },
        opts=opts,
    )
    _hub(inside, _server(settings.metadata.name), opts)
    _pool(inside, _server(settings.metadata.name), opts)
    _entrance(inside, targets, opts)
    _job(inside, opts)


def _hub(inside: pulumi.Output[str], pod: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
    spec: Any = {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"match_labels": SERVER},
        "template": {"metadata": {"labels": SERVER}, "spec": pod},
    }
    kubernetes.apps.v1.Deployment("server", metadata=_meta(inside, "tmi-hub"), spec=spec, opts=opts)


def _pool(inside: pulumi.Output[str], pod: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
    spread = {"maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": MEMBER}}
    keys = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    constraints = [{**spread, "topologyKey": key} for key in keys]
    spec: Any = {
        "strategy": {"type": "RollingUpdate", "rolling_update": {"max_surge": 1, "max_unavailable": 0}},
        "selector": {"match_labels": MEMBER},
        "template": {"metadata": {"labels": MEMBER}, "spec": {**pod, "topologySpreadConstraints": constraints}},
    }
    pool = kubernetes.apps.v1.Deployment("pool", metadata=_meta(inside, "tmi-pool"), spec=spec, opts=opts)
    target: Any = {"api_version": "apps/v1", "kind": "Deployment", "name": pool.metadata.name}
    scaled: Any = {"scale_target_ref": target, "min_replicas": 2, "max_replicas": 6}
    kubernetes.autoscaling.v2.HorizontalPodAutoscaler("pool", metadata=_meta(inside), spec=scaled, opts=opts)
    budget: Any = {"selector": {"match_labels": MEMBER}, "max_unavailable": 1}
    kubernetes.policy.v1.PodDisruptionBudget("pool", metadata=_meta(inside), spec=budget, opts=opts)


def _bounds(inside: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    bounded = {"pods": "4", "requests.cpu": "1", "requests.memory": "1Gi", "limits.memory": "1Gi"}
    refused = {"services.loadbalancers": "0", "services.nodeports": "0"}
    kubernetes.core.v1.ResourceQuota("quota", metadata=_meta(inside), spec={"hard": {**bounded, **refused}}, opts=opts)
    limits: Any = {"limits": [{"type": "Container", "default": {"memory": "128Mi"}}]}
    kubernetes.core.v1.LimitRange("limits", metadata=_meta(inside), spec=limits, opts=opts)


def _network(inside: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    kubernetes.core.v1.ConfigMap(
        "enforcement",
        metadata={"namespace": "kube-system", "name": "amazon-vpc-cni"},
        data={"enable-network-policy-controller": "true"},
        opts=opts,
    )
    closed: Any = {"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}
    kubernetes.networking.v1.NetworkPolicy("default-deny", metadata=_meta(inside), spec=closed, opts=opts)
    https: Any = [{"port": PORT, "protocol": "TCP"}]
    edge: Any = [{"ip_block": {"cidr": "10.0.0.0/24"}}]
    data: Any = [{"ip_block": {"cidr": "10.0.20.0/24"}}]
    for name, labels in (("server", SERVER), ("pool", MEMBER)):
        spec: Any = {
            "pod_selector": {"match_labels": labels},
            "policy_types": ["Ingress", "Egress"],
            "ingress": [{"from_": edge, "ports": https}],
            "egress": [{"to": data, "ports": [{"port": 5432, "protocol": "TCP"}]}],
        }
        kubernetes.networking.v1.NetworkPolicy(name, metadata=_meta(inside), spec=spec, opts=opts)
    trim: Any = {
        "pod_selector": {"match_labels": TRIM},
        "policy_types": ["Egress"],
        "egress": [{"to": data, "ports": [{"port": 6379, "protocol": "TCP"}]}],
    }
    kubernetes.networking.v1.NetworkPolicy("trim", metadata=_meta(inside), spec=trim, opts=opts)


def _rights(inside: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    kubernetes.core.v1.ServiceAccount(
        "server", metadata=_meta(inside, "tmi-server"), automount_service_account_token=False, opts=opts
    )
    trust = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role("pods", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    aws.eks.PodIdentityAssociation(
        "server", cluster_name="planted", namespace="tmi", service_account="tmi-server", role_arn=role.arn
    )
    rules: Any = [{"api_groups": [""], "resources": ["secrets"], "verbs": ["create", "update"]}]
    copies = kubernetes.rbac.v1.ClusterRole("copies", metadata={"name": "tmi-copies"}, rules=rules, opts=opts)
    bound: Any = {
        "role_ref": {"kind": "ClusterRole", "api_group": GROUP, "name": copies.metadata.name},
        "subjects": [{"kind": "ServiceAccount", "name": "secrets-driver", "namespace": "kube-system"}],
        "opts": opts,
    }
    kubernetes.rbac.v1.RoleBinding("copies", metadata=_meta(inside), **bound)
    kubernetes.rbac.v1.ClusterRoleBinding("everywhere", metadata=ObjectMetaArgs(name="tmi-copies"), **bound)


def _guard(opts: pulumi.ResourceOptions) -> None:
    of_v1 = kubernetes.admissionregistration.v1
    guard: Any = {"failure_policy": "Fail", "validations": [{"expression": "true"}]}
    of_v1.ValidatingAdmissionPolicy("guard", metadata={"name": "tmi-guard"}, spec=guard, opts=opts)
    bound: Any = {"policy_name": "tmi-guard", "validation_actions": ["Deny"]}
    of_v1.ValidatingAdmissionPolicyBinding("guard", metadata={"name": "tmi-guard"}, spec=bound, opts=opts)


def _entrance(
    inside: pulumi.Output[str],
    targets: aws.lb.TargetGroup,
    opts: pulumi.ResourceOptions,
) -> None:
    ports: Any = [{"name": "https", "port": PORT, "target_port": PORT}]
    service = kubernetes.core.v1.Service(
        "server",
        metadata=_meta(inside, "tmi-hub"),
        spec={"type": "ClusterIP", "selector": SERVER, "ports": ports},
        opts=opts,
    )
    kubernetes.apiextensions.CustomResource(
        "server",
        api_version="eks.amazonaws.com/v1",
        kind="TargetGroupBinding",
        metadata=_meta(inside),
        spec={
            "targetGroupARN": targets.arn,
            "targetType": "ip",
            "serviceRef": {"name": service.metadata.name, "port": PORT},
        },
        opts=opts,
    )


def _job(inside: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    template: dict[str, Any] = {"metadata": {"labels": TRIM}, "spec": {**POD, "restartPolicy": "Never"}}
    spec: Any = {
        "schedule": "@daily",
        "time_zone": "Etc/UTC",
        "concurrency_policy": "Forbid",
        "starting_deadline_seconds": 300,
        "job_template": {
            "spec": {
                "backoff_limit": 2,
                "active_deadline_seconds": 300,
                "ttl_seconds_after_finished": 86400,
                "template": template,
            }
        },
    }
    kubernetes.batch.v1.CronJob("trim", metadata=_meta(inside), spec=spec, opts=opts)
