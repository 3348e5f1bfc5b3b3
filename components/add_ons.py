"""What EKS installs into the cluster for us: resource metrics, secrets as files, container logs and metrics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicySpecArgs,
)

from components.log_sink import LogSink
from components.network_policy import out_to_dns, out_to_pod_identity, ports
from components.service_role import ServiceRole, ServiceRoleArgs, pod_identity_trust

SECRETS_DRIVER: Final = "secrets-store-csi-driver"
"""The service account of the CSI driver."""
SYSTEM_NAMESPACE: Final = "kube-system"
LOGGING_NAMESPACE: Final = "amazon-cloudwatch"
"""Where the observability add-on runs."""
AGENT_ACCOUNT: Final = "cloudwatch-agent"
"""The service account of its agents and of its log shipper."""

LOG_KINDS: Final = ("application", "dataplane", "host", "performance")
"""The log groups of the observability add-on: /aws/containerinsights/<cluster>/<kind>."""

_OBSERVABILITY: Final = {
    # Container Insights alone. The default also turns on Application Signals, which instruments Java, Python, .NET and
    # Node.js; TMI is Go. Source: CloudWatch User Guide, opt out of Application Signals.
    "agent": {"config": {"logs": {"metrics_collected": {"kubernetes": {"enhanced_container_insights": True}}}}},
    "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}},
}


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
    cluster_name: str
    """The cluster's physical name; the log groups depend on it."""
    cluster_dns: str
    """The address of the cluster's DNS."""
    logs: LogSink
    """How the logs of containers and nodes are kept."""


class AddOns(pulumi.ComponentResource):
    """The add-ons of the cluster, in the versions EKS holds for its version of Kubernetes.

    Make them after the node pool: an add-on counts as installed once its pods run, and they need a node.
    """

    TYPE: Final = "tmi:cluster:AddOns"

    def __init__(self, name: str, args: AddOnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # The add-on would make the namespace itself, but its pods need the policy in there before they can start.
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-logging", metadata=ObjectMetaArgs(name=LOGGING_NAMESPACE), opts=child
        )
        # 10251 is where the Kubernetes API asks for metrics. Source: Amazon EKS User Guide, metrics server.
        system = self._traffic(f"{name}-system", SYSTEM_NAMESPACE, add_on_traffic(args.cluster_dns, 10251), [])
        logging = self._traffic(
            f"{name}-logging", LOGGING_NAMESPACE, add_on_traffic(args.cluster_dns, 9443), [namespace]
        )

        self._add_on(name, args.cluster_name, "metrics-server", [system])
        self._secrets_driver(name, args.cluster_name, [system])
        self._observability(name, args, [logging])
        self.register_outputs({})

    def _traffic(
        self, name: str, namespace: str, spec: NetworkPolicySpecArgs, needed: list[pulumi.Resource]
    ) -> kubernetes.networking.v1.NetworkPolicy:
        return kubernetes.networking.v1.NetworkPolicy(
            f"{name}-traffic",
            metadata=ObjectMetaArgs(name="add-ons", namespace=namespace),
            spec=spec,
            opts=pulumi.ResourceOptions(parent=self, depends_on=needed),
        )

    def _secrets_driver(self, name: str, cluster_name: str, needed: list[pulumi.Resource]) -> None:
        """The CSI driver that mounts secrets, and its right to copy some of them into Kubernetes Secrets.

        The add-on accepts `syncSecret` and ignores it (aws/secrets-store-csi-driver-provider-aws#597), so the right is
        given here. The driver watches the Secrets it manages in the whole cluster; it may write in TMI's namespace
        alone, by a role there. Its rotation of mounted files stays off: TMI reads them once, at start.
        """
        child = pulumi.ResourceOptions(parent=self)
        role = kubernetes.rbac.v1.ClusterRole(
            f"{name}-secrets-driver",
            metadata=ObjectMetaArgs(name="tmi-secrets-driver-watch"),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["secrets"], verbs=["get", "list", "watch"]
                )
            ],
            opts=child,
        )
        binding = kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-secrets-driver-binding",
            metadata=ObjectMetaArgs(name="tmi-secrets-driver-watch"),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io",
                kind="ClusterRole",
                name=role.metadata.apply(lambda metadata: metadata.name or ""),
            ),
            subjects=[
                kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=SECRETS_DRIVER, namespace=SYSTEM_NAMESPACE)
            ],
            opts=child,
        )
        self._add_on(
            name,
            cluster_name,
            "aws-secrets-store-csi-driver-provider",
            [*needed, binding],
            # Spelled out, because the policy and the rights above name it.
            namespace_config=aws.eks.AddonNamespaceConfigArgs(namespace=SYSTEM_NAMESPACE),
        )

    def _observability(self, name: str, args: AddOnsArgs, needed: list[pulumi.Resource]) -> None:
        groups = [
            aws.cloudwatch.LogGroup(
                f"{name}-{kind}-logs",
                name=f"/aws/containerinsights/{args.cluster_name}/{kind}",
                kms_key_id=args.logs.key_arn,
                retention_in_days=args.logs.retention_days,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for kind in LOG_KINDS
        ]
        role = ServiceRole(
            f"{name}-agent",
            ServiceRoleArgs(
                trust=pod_identity_trust(
                    account=args.account,
                    cluster_name=args.cluster_name,
                    namespace=LOGGING_NAMESPACE,
                    service_account=AGENT_ACCOUNT,
                ),
                managed_policies=("CloudWatchAgentServerPolicy",),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self._add_on(
            name,
            args.cluster_name,
            "amazon-cloudwatch-observability",
            [*needed, *groups, role],
            configuration_values=json.dumps(_OBSERVABILITY, sort_keys=True),
            pod_identity_associations=[
                aws.eks.AddonPodIdentityAssociationArgs(role_arn=role.arn, service_account=AGENT_ACCOUNT)
            ],
        )

    def _add_on(
        self,
        name: str,
        cluster_name: str,
        add_on: str,
        needed: Sequence[pulumi.Resource],
        **settings: Any,  # noqa: ANN401 -- arguments of aws.eks.Addon
    ) -> None:
        aws.eks.Addon(
            f"{name}-{add_on}",
            cluster_name=cluster_name,
            addon_name=add_on,
            # What somebody changed by hand is put back.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(needed)),
            **settings,
        )
