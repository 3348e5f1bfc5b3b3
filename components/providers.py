"""The providers everything is made with."""

from __future__ import annotations

import json
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.settings import Settings

STACK_TAG: Final = "tmi:stack"
"""The tag that says which stack a resource belongs to."""


def aws_provider(settings: Settings) -> aws.Provider:
    """AWS in the stack's region, bound to its account: with credentials for another one nothing is touched."""
    return _aws("aws", settings.region, settings)


def recovery_provider(settings: Settings, region: str) -> aws.Provider:
    """AWS in the region that keeps the copies; the same account, the same tags."""
    return _aws("aws-recovery", region, settings)


def health_check_provider(settings: Settings, region: str) -> aws.Provider:
    """AWS in the region that has the metrics of health checks; the same account, the same tags."""
    return _aws("aws-health-checks", region, settings)


def _aws(name: str, region: str, settings: Settings) -> aws.Provider:
    return aws.Provider(
        name,
        region=region,
        allowed_account_ids=[settings.account],
        default_tags={"tags": stack_tags(settings)},
    )


def stack_tags(settings: Settings) -> dict[str, str]:
    """What every resource of a stack is tagged with; costs are told apart by it."""
    return {STACK_TAG: settings.name, "tmi:tier": settings.tier.value, "tmi:repository": settings.repository}


def kubernetes_provider(
    *,
    region: str,
    cluster_name: pulumi.Input[str],
    endpoint: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
) -> kubernetes.Provider:
    """The cluster's API, with a token of the caller's own AWS credentials at each call and no file on disk."""

    def kubeconfig(cluster: dict[str, str]) -> str:
        user = {
            "exec": {
                "apiVersion": "client.authentication.k8s.io/v1",
                "command": "aws",
                "args": ["eks", "get-token", "--region", region, "--cluster-name", cluster["name"]],
                "interactiveMode": "Never",
            }
        }
        server = {"server": cluster["endpoint"], "certificate-authority-data": cluster["certificate_authority"]}
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "tmi", "cluster": server}],
                "users": [{"name": "tmi", "user": user}],
                "contexts": [{"name": "tmi", "context": {"cluster": "tmi", "user": "tmi"}}],
                "current-context": "tmi",
            }
        )

    cluster = pulumi.Output.all(name=cluster_name, endpoint=endpoint, certificate_authority=certificate_authority)
    return kubernetes.Provider("kubernetes", kubeconfig=cluster.apply(kubeconfig), enable_server_side_apply=True)
