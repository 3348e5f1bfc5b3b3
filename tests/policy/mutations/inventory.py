"""Changes that put something where no rule would look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from policy.graph import Graph
from policy.values import Plain
from tests.policy.making import resource
from tests.policy.mutations.changing import Mutation, first, with_resource


def added(token: str, **properties: Plain) -> Callable[[Graph], Graph]:
    """One more resource of a type, which refers to nothing."""
    return lambda graph: with_resource(graph, resource(token, "added", properties))


def _in_beta(graph: Graph) -> Graph:
    return with_resource(
        graph, replace(first(graph, "kubernetes:batch/v1:CronJob"), type="kubernetes:batch/v1beta1:CronJob")
    )


_ROLLOUT: Final[Plain] = {"template": {"spec": {"containers": [{"name": "other", "image": "other"}]}}}

INVENTORY: Final = (
    Mutation("apis-stable", "a job is written in beta", _in_beta),
    Mutation("spellings-read", "a classic load balancer", added("aws:elb/loadBalancer:LoadBalancer")),
    Mutation("compute-judged", "an instance beside the cluster", added("aws:ec2/instance:Instance")),
    Mutation("compute-judged", "nodes of a group", added("aws:eks/nodeGroup:NodeGroup")),
    Mutation("stores-judged", "a cache that has no nodes", added("aws:memorydb/cluster:Cluster")),
    Mutation("nothing-opaque", "a release of Helm", added("kubernetes:helm.sh/v3:Release")),
    Mutation("nothing-opaque", "a bucket of the other provider", added("aws-native:s3:Bucket")),
    Mutation(
        "nothing-opaque", "pods in a kind of one's own", added("kubernetes:example.com/v1:Rollout", spec=_ROLLOUT)
    ),
    Mutation(
        "manifests-whole",
        "a patch opens a network policy",
        added("kubernetes:networking.k8s.io/v1:NetworkPolicyPatch", spec={"ingress": [{}]}),
    ),
)
