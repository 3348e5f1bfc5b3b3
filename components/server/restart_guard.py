"""What keeps the right to restart a Deployment from being the right to run anything in its place.

RBAC knows verbs, not fields: whoever may patch a Deployment may give it another image and other secrets. So the API
itself looks at what the restarting accounts send. Source: Kubernetes documentation, Validating Admission Policy.
"""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.admissionregistration.v1 import (
    MatchConditionArgs,
    MatchResourcesArgs,
    NamedRuleWithOperationsArgs,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
    ValidatingAdmissionPolicyBindingSpecArgs,
    ValidatingAdmissionPolicySpecArgs,
    ValidationArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

UNCHANGED = (
    "object.spec.template.spec == oldObject.spec.template.spec",
    "object.spec.template.metadata.labels == oldObject.spec.template.metadata.labels",
    "object.spec.replicas == oldObject.spec.replicas",
    "object.spec.strategy == oldObject.spec.strategy",
)
"""What a restart leaves as it was, in CEL. Not the annotations of the pods, one of which is the restart."""


def guard(name: str, account: str, namespace: str, opts: pulumi.ResourceOptions) -> ValidatingAdmissionPolicyBinding:
    """A policy over what this service account of the namespace does to Deployments, in force once it is bound."""
    in_cluster = f"{namespace}-{account}"
    policy = ValidatingAdmissionPolicy(
        f"{name}-guard",
        metadata=ObjectMetaArgs(name=in_cluster),
        spec=ValidatingAdmissionPolicySpecArgs(
            failure_policy="Fail",
            match_constraints=MatchResourcesArgs(
                namespace_selector=LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": namespace}),
                resource_rules=[
                    NamedRuleWithOperationsArgs(
                        api_groups=["apps"], api_versions=["v1"], operations=["UPDATE"], resources=["deployments"]
                    )
                ],
            ),
            match_conditions=[
                MatchConditionArgs(
                    name="by-the-restarting-account",
                    expression=f"request.userInfo.username == 'system:serviceaccount:{namespace}:{account}'",
                )
            ],
            validations=[
                ValidationArgs(expression=expression, message="this account may restart a Deployment, no more")
                for expression in UNCHANGED
            ],
        ),
        opts=opts,
    )
    return ValidatingAdmissionPolicyBinding(
        f"{name}-guard-binding",
        metadata=ObjectMetaArgs(name=in_cluster),
        spec=ValidatingAdmissionPolicyBindingSpecArgs(
            policy_name=policy.metadata.apply(lambda metadata: metadata.name or ""), validation_actions=["Deny"]
        ),
        opts=opts,
    )
