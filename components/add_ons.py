"""What EKS installs into the cluster for us: resource metrics, secrets as files, container logs and metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicySpecArgs,
)

from components.add_on import AddOn, install
from components.log_sink import LogSink
from components.network_policy import out_to_dns, out_to_pod_identity, ports
from components.observability import Observability, ObservabilityArgs
from components.secrets_driver import SYSTEM_NAMESPACE, SecretsDriver, SecretsDriverArgs
from components.settings.cluster import AddOnSettings

LOGGING_NAMESPACE: Final = "amazon-cloudwatch"
"""Where the observability add-on runs."""


def add_on_traffic(cluster_dns: str, *webhooks: int) -> NetworkPolicySpecArgs:
    """What the pods of add-ons may do on nodes that deny by default: without it none of them would become ready.

    Addresses are left to the pods' security group. They speak to the Kubernetes API and to AWS (443), to kubelets
    (10250), to DNS and to the Pod Identity agent; `webhooks` are the ports on which the Kubernetes API calls them.
    Pods on the host's network, the log shipper among them, are not subject to policies.
    """
    return NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(),
        policy_types=["Ingress", "Egress"],
        ingress=[NetworkPolicyIngressRuleArgs(ports=ports(*webhooks))],
        egress=[
            NetworkPolicyEgressRuleArgs(ports=ports(443, 10250)),
            out_to_dns(cluster_dns),
            out_to_pod_identity(),
        ],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AddOnsArgs:
    """What :class:`AddOns` need from their caller."""

    account: str
    """The AWS account."""
    region: str
    """Where the cluster stands."""
    cluster_name: str
    """The cluster's physical name; the log groups depend on it."""
    versions: AddOnSettings
    """The version of each."""
    cluster_dns: str
    """The address of the cluster's DNS."""
    logs: LogSink
    """How the logs of containers and nodes are kept."""


class AddOns(pulumi.ComponentResource):
    """The add-ons of the cluster.

    Make them after the node pool: an add-on counts as installed once its pods run, and they need a node.
    """

    TYPE: Final = "tmi:cluster:AddOns"

    application_log_group: pulumi.Output[str]
    """Where the logs of containers go."""
    application_log_group_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AddOnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        # The add-on would make the namespace itself, but its pods need the policy in there before they can start.
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-logging",
            metadata=ObjectMetaArgs(name=LOGGING_NAMESPACE),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # 10251 is where the Kubernetes API asks for metrics. Source: Amazon EKS User Guide, metrics server.
        system = self._traffic(f"{name}-system", SYSTEM_NAMESPACE, add_on_traffic(args.cluster_dns, 10251), [])
        logging = self._traffic(
            f"{name}-logging", LOGGING_NAMESPACE, add_on_traffic(args.cluster_dns, 9443), [namespace]
        )

        metrics = AddOn(name="metrics-server", version=args.versions.metrics_server)
        install(name, args.cluster_name, metrics, [system], self)
        SecretsDriver(
            f"{name}-secrets-driver",
            SecretsDriverArgs(cluster_name=args.cluster_name, version=args.versions.secrets_store_driver),
            pulumi.ResourceOptions(parent=self, depends_on=[system]),
        )
        observability = Observability(
            f"{name}-observability",
            ObservabilityArgs(
                account=args.account,
                region=args.region,
                cluster_name=args.cluster_name,
                version=args.versions.cloudwatch_observability,
                namespace=LOGGING_NAMESPACE,
                logs=args.logs,
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[logging]),
        )
        self.application_log_group = observability.application_log_group
        self.application_log_group_arn = observability.application_log_group_arn
        self.register_outputs(
            {
                "application_log_group": self.application_log_group,
                "application_log_group_arn": self.application_log_group_arn,
            }
        )

    def _traffic(
        self, name: str, namespace: str, spec: NetworkPolicySpecArgs, needed: list[pulumi.Resource]
    ) -> kubernetes.networking.v1.NetworkPolicy:
        return kubernetes.networking.v1.NetworkPolicy(
            f"{name}-traffic",
            metadata=ObjectMetaArgs(name="add-ons", namespace=namespace),
            spec=spec,
            opts=pulumi.ResourceOptions(parent=self, depends_on=needed),
        )
