"""Changes that break the rules of nodes, of access to a cluster, of what pods speak to, and of providers."""

from __future__ import annotations

from typing import Final

from policy.graph import Graph
from policy.group_roles import NODE_CLASS
from policy.security_groups import CLUSTER
from policy.values import present
from tests.policy.mutation import Mutation, first, referring_to, setting
from tests.policy.mutations_of_replication import in_container

_POOL: Final = "kubernetes:karpenter.sh/v1:NodePool"
_AWS: Final = "pulumi:providers:aws"
_OF_EVERYBODY: Final = '{"users": [{"name": "tmi", "user": {"token": "placeholder"}}]}'


def _on_the_internet(graph: Graph) -> Graph:
    """The route to the internet is in the table of the nodes' first subnet."""
    subnet = graph.references(first(graph, NODE_CLASS), "spec", {"aws:ec2/subnet:Subnet"})[0]
    association = graph.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")[0]
    table = graph.references(association, "routeTableId", {"aws:ec2/routeTable:RouteTable"})[0]
    out = next(each for each in graph.of_type("aws:ec2/route:Route") if present(each.get("gatewayId")))
    return referring_to(graph, out, "routeTableId", table)


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
    Mutation("nodes-in-private-subnets", "a node on the internet", _on_the_internet),
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
