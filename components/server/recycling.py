"""The job that restarts a Deployment of TMI by the clock: TMI leaks, and a pod that is killed loses audit entries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
from pulumi_kubernetes import rbac
from pulumi_kubernetes.batch.v1 import CronJob
from pulumi_kubernetes.core.v1 import ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicySpecArgs
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgs, RoleBinding, RoleRefArgs, SubjectArgs

from components.network_policy import out_to, selecting
from components.server.content import config_map
from components.server.cron_job import cron_job
from components.server.restart_guard import guard
from components.server.restart_pod import SCRIPT_NAME, RestartPod, restart_pod
from components.server.roles import Role
from components.server.workplace import Workplace

START_WITHIN_SECONDS: Final = 900
"""A restart that could not start in time is left to the next one: pods are restarted at half of what they bear."""
_KEPT_SECONDS: Final = 24 * 3600
_SPARE_SECONDS: Final = 120
"""Between the end of the script's patience and the end of its job, so that the script says what it waited for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecyclingArgs:
    """What :class:`Recycling` needs from its caller."""

    place: Workplace
    """Where it runs."""
    aws_cli: str
    """The tag of the AWS CLI's image, which has curl and jq."""
    role: Role
    """Which of TMI's Deployments it restarts."""
    schedule: str
    """When it is restarted, in UTC, as cron says it."""
    deadline_seconds: int
    """How long a restart may take before its job fails. Kubernetes goes on with it all the same."""
    api_cidrs: tuple[str, ...]
    """Where the Kubernetes API is: its Service, and the subnets of the control plane's network interfaces."""


class Recycling(pulumi.ComponentResource):
    """A job on a schedule that may restart one Deployment, and nothing else. Make it after that Deployment."""

    TYPE: Final = "tmi:server:Recycling"

    def __init__(self, name: str, args: RecyclingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        account = account_name(args.role)
        metadata = ObjectMetaArgs(name=account, namespace=args.place.namespace)
        ServiceAccount(f"{name}-account", metadata=metadata, automount_service_account_token=False, opts=child)
        # The guard comes before the right that it guards.
        guarded = guard(name, account, args.place.namespace, child)
        role = rbac.v1.Role(
            f"{name}-restarting",
            metadata=metadata,
            rules=[
                PolicyRuleArgs(
                    api_groups=["apps"],
                    resources=["deployments"],
                    resource_names=[args.role.object_name],
                    verbs=["get", "patch"],
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[guarded]),
        )
        binding = RoleBinding(
            f"{name}-restarting-binding",
            metadata=metadata,
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=account),
            subjects=[SubjectArgs(kind="ServiceAccount", name=account, namespace=args.place.namespace)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        policy = NetworkPolicy(
            f"{name}-network", metadata=metadata, spec=network_policy(args.role, args.api_cidrs), opts=child
        )
        self._job(name, args, pulumi.ResourceOptions(parent=self, depends_on=[binding, policy]))
        self.register_outputs({})

    def _job(self, name: str, args: RecyclingArgs, opts: pulumi.ResourceOptions) -> None:
        account = account_name(args.role)
        child = pulumi.ResourceOptions(parent=self)
        files = config_map(f"{name}-script", account, args.place.namespace, {SCRIPT_NAME: script()}, child)
        pod = RestartPod(
            image=args.place.public_image("aws-cli/aws-cli", args.aws_cli),
            node_selector=args.place.node_selector,
            namespace=args.place.namespace,
            service_account=account,
            deployment=args.role.object_name,
            script=files,
            wait_seconds=args.deadline_seconds - _SPARE_SECONDS,
        )
        CronJob(
            f"{name}-job",
            metadata=ObjectMetaArgs(name=account, namespace=args.place.namespace, labels=labels(args.role)),
            spec=cron_job(
                args.schedule,
                labels(args.role),
                restart_pod(pod),
                start_within_seconds=START_WITHIN_SECONDS,
                deadline_seconds=args.deadline_seconds,
                kept_seconds=_KEPT_SECONDS,
            ),
            opts=opts,
        )


def account_name(role: Role) -> str:
    """The service account that restarts the hub or the pool, and the name of all that belongs to it."""
    return f"{role.object_name}-recycling"


def labels(role: Role) -> dict[str, str]:
    """What network policies know the job's pod by."""
    return {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": f"{role.value}-recycling"}


def script() -> str:
    """What the pod runs."""
    return (Path(__file__).parent / "restart" / SCRIPT_NAME).read_text()


def network_policy(role: Role, api_cidrs: tuple[str, ...]) -> NetworkPolicySpecArgs:
    """The pod speaks to the Kubernetes API.

    The VPC CNI looks at a packet before the Service's address becomes that of the control plane, so it is the former
    that has to be named. Source: open-telemetry/opentelemetry-operator#5621. Whether the agent of Auto Mode does the
    same is not documented; hence the subnets, in which the pods' security group lets them reach nothing else.
    """
    return NetworkPolicySpecArgs(
        pod_selector=selecting(labels(role)), policy_types=["Egress"], egress=[out_to(api_cidrs, 443)]
    )
