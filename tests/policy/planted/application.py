"""A cluster open to the world, and a pod in it that may do anything."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from tests.policy.planted.network import Network

_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def application(around: Network, opts: pulumi.ResourceOptions) -> None:
    role = aws.iam.Role("cluster", assume_role_policy=json.dumps(_TRUST), opts=opts)
    aws.iam.RolePolicy("everything", role=role.name, policy=json.dumps(_EVERYTHING), opts=opts)
    cluster = aws.eks.Cluster(
        "tmi", role_arn=role.arn, version="1.35", vpc_config={"subnet_ids": around.subnets["app"]}, opts=opts
    )
    api = kubernetes.Provider("tmi", kubeconfig="{}", opts=pulumi.ResourceOptions(depends_on=[cluster]))
    inside = pulumi.ResourceOptions(provider=api)
    kubernetes.core.v1.Namespace("tmi", metadata={"name": "tmi"}, opts=inside)
    labels = {"app": "tmi"}
    container: Any = {
        "name": "tmi",
        "image": "tmi:latest",
        "securityContext": {"privileged": True},
        "env": [{"name": "TMI_DATABASE_PASSWORD", "value": "correct-horse-battery-staple"}],
    }
    pod: Any = {"hostNetwork": True, "containers": [container]}
    spec: Any = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    kubernetes.apps.v1.Deployment(
        "tmi",
        metadata={"name": "tmi", "namespace": "tmi"},
        spec=spec,
        opts=inside,
    )
    kubernetes.core.v1.Service(
        "tmi",
        metadata={"name": "tmi", "namespace": "tmi"},
        spec={"type": "LoadBalancer", "ports": [{"port": 80}], "selector": labels},
        opts=inside,
    )
