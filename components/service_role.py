"""An IAM role that one AWS service assumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws


def pod_identity_trust(*, account: str, cluster_name: str, namespace: str, service_account: str) -> dict[str, Any]:
    """The trust of a role that the pods of one service account take by EKS Pod Identity.

    EKS sets the three request tags when it assumes the role. Without them any association in the account could hand it
    to any pod. Source: Amazon EKS User Guide, how EKS Pod Identity works, session tags.
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": account,
                "aws:RequestTag/eks-cluster-name": cluster_name,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": service_account,
            }
        },
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRoleArgs:
    """What a :class:`ServiceRole` needs from its caller."""

    trust: Mapping[str, Any]
    """The one statement of its trust policy."""
    managed_policies: tuple[str, ...] = ()
    """Names of AWS managed policies, without the ARN before them."""
    statements: Sequence[Mapping[str, Any]] = ()
    """The statements of its own policy; their values may be outputs."""


class ServiceRole(pulumi.ComponentResource):
    """A role with its policies. Depend on the component, not on the ARN, where the rights must be there first."""

    TYPE: Final = "tmi:security:ServiceRole"

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, args: ServiceRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [args.trust]}),
            opts=child,
        )
        for policy in args.managed_policies:
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy}", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}", opts=child
            )
        if args.statements:
            document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(args.statements)})
            aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=document, opts=child)

        self.arn = role.arn
        self.role_name = role.name
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})
