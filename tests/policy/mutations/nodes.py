"""Changes that break the rules of nodes, of access to a cluster, of what pods speak to, and of providers."""

from __future__ import annotations

from typing import Final

from policy.network.group_roles import NODE_CLASS
from policy.network.security_groups import CLUSTER
from tests.policy.mutations.changing import Mutation, setting
from tests.policy.mutations.replication import in_container

_POOL: Final = "kubernetes:karpenter.sh/v1:NodePool"
_AWS: Final = "pulumi:providers:aws"
_OF_EVERYBODY: Final = '{"users": [{"name": "tmi", "user": {"token": "placeholder"}}]}'


NODES: Final = (
    Mutation(
        "access-narrow",
        "somebody is a master",
        setting("aws:eks/accessEntry:AccessEntry", "kubernetesGroups", to=["system:masters"]),
    ),
    Mutation(
        "pod-identities-paired",
        "every pod has a role",
        setting("aws:eks/podIdentityAssociation:PodIdentityAssociation", "serviceAccount", to="default"),
    ),
    Mutation(
        "pod-identities-paired",
        "a role waits for an account that is not there",
        setting("aws:eks/podIdentityAssociation:PodIdentityAssociation", "namespace", to="elsewhere"),
    ),
    Mutation("auto-mode-whole", "EKS would refuse it", setting(CLUSTER, "bootstrapSelfManagedAddons", to=None)),
    Mutation("auto-mode-whole", "half of it is off", setting(CLUSTER, "storageConfig", to=None)),
    Mutation("nodes-judged", "a pool of EKS's own", setting(CLUSTER, "computeConfig", "nodePools", to=["system"])),
    Mutation("node-pools-bounded", "nodes without end", setting(_POOL, "spec", "limits", to=None)),
    Mutation(
        "node-pools-bounded",
        "a node is never renewed",
        setting(_POOL, "spec", "template", "spec", "expireAfter", to="Never"),
    ),
    Mutation(
        "nodes-name-subnets",
        "a tag says where nodes stand",
        setting(NODE_CLASS, "spec", "subnetSelectorTerms", to=[{"tags": {"tier": "app"}}]),
    ),
    Mutation("add-ons-pinned", "an add-on of any version", setting("aws:eks/addon:Addon", "addonVersion", to=None)),
    Mutation(
        "clients-speak-tls",
        "a pod is told to speak plaintext",
        in_container("env", to=[{"name": "UPSTREAM", "value": "redis://redis.example.com:6379"}]),
    ),
    Mutation("accounts-bound", "a stack for any account", setting(_AWS, "allowedAccountIds", to=None)),
    Mutation("providers-without-credentials", "a key in the program", setting(_AWS, "secretKey", to="placeholder")),
    Mutation(
        "providers-without-credentials",
        "a token in the program",
        setting("pulumi:providers:kubernetes", "kubeconfig", to=_OF_EVERYBODY),
    ),
)
