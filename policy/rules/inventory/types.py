"""Inventory: nothing that the other rules judge is written in a way that they do not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policy.facts.pods import POD_TYPES
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements

_IN_CLUSTER: Final = "run it as a workload of the cluster"
_BY_NODE_POOL: Final = "let a NodePool of EKS Auto Mode start it"
_POSTGRES: Final = "declare an aws:rds/instance:Instance"
_REDIS: Final = "declare an aws:elasticache/replicationGroup:ReplicationGroup"
_BALANCER: Final = "declare an aws:lb/loadBalancer:LoadBalancer of type application"
_OF_THE_STACK: Final = "declare each resource in the program"

SPELLINGS: Final[Mapping[str, str]] = {
    "aws:elb/loadBalancer:LoadBalancer": _BALANCER,
    "aws:lightsail/lb:Lb": _BALANCER,
    "aws:ec2/defaultVpc:DefaultVpc": "declare an aws:ec2/vpc:Vpc",
    "aws:ec2/defaultSubnet:DefaultSubnet": "declare an aws:ec2/subnet:Subnet",
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": "attach the group where "
    "the interface is declared",
    "aws:eks/identityProviderConfig:IdentityProviderConfig": "give access by an AccessEntry",
}
"""What has another spelling, one that the rules read."""

COMPUTE: Final[Mapping[str, str]] = {
    "aws:ec2/instance:Instance": _IN_CLUSTER,
    "aws:ec2/fleet:Fleet": _BY_NODE_POOL,
    "aws:ec2/launchConfiguration:LaunchConfiguration": _BY_NODE_POOL,
    "aws:ec2/launchTemplate:LaunchTemplate": _BY_NODE_POOL,
    "aws:ec2/spotFleetRequest:SpotFleetRequest": _BY_NODE_POOL,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": _BY_NODE_POOL,
    "aws:autoscaling/group:Group": _BY_NODE_POOL,
    "aws:eks/nodeGroup:NodeGroup": _BY_NODE_POOL,
    "aws:eks/fargateProfile:FargateProfile": _BY_NODE_POOL,
    "aws:ecs/service:Service": _IN_CLUSTER,
    "aws:ecs/taskDefinition:TaskDefinition": _IN_CLUSTER,
    "aws:ecs/taskSet:TaskSet": _IN_CLUSTER,
    "aws:ecs/daemon:Daemon": _IN_CLUSTER,
    "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": _IN_CLUSTER,
    "aws:ecs/expressGatewayService:ExpressGatewayService": _IN_CLUSTER,
    "aws:apprunner/service:Service": _IN_CLUSTER,
    "aws:batch/computeEnvironment:ComputeEnvironment": _IN_CLUSTER,
    "aws:batch/jobDefinition:JobDefinition": _IN_CLUSTER,
    "aws:lightsail/instance:Instance": _IN_CLUSTER,
    "aws:lightsail/containerService:ContainerService": _IN_CLUSTER,
}
"""What runs containers or machines outside the pods and NodeClasses that the rules read."""

STORES: Final[Mapping[str, str]] = {
    "aws:rds/cluster:Cluster": _POSTGRES,
    "aws:rds/clusterInstance:ClusterInstance": _POSTGRES,
    "aws:rds/globalCluster:GlobalCluster": _POSTGRES,
    "aws:rds/shardGroup:ShardGroup": _POSTGRES,
    "aws:dsql/cluster:Cluster": _POSTGRES,
    "aws:docdb/cluster:Cluster": _POSTGRES,
    "aws:docdb/elasticCluster:ElasticCluster": _POSTGRES,
    "aws:neptune/cluster:Cluster": _POSTGRES,
    "aws:redshift/cluster:Cluster": _POSTGRES,
    "aws:redshiftserverless/workgroup:Workgroup": _POSTGRES,
    "aws:lightsail/database:Database": _POSTGRES,
    "aws:elasticache/serverlessCache:ServerlessCache": _REDIS,
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": _REDIS,
    "aws:memorydb/cluster:Cluster": _REDIS,
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": _REDIS,
    "aws:dax/cluster:Cluster": _REDIS,
}
"""What keeps relational data or a cache in a VPC beside the instances and groups that the rules read."""

OPAQUE: Final[Mapping[str, str]] = {
    "kubernetes:helm.sh/v3:Release": "render it by kubernetes:helm.sh/v4:Chart, or write its objects",
    "aws:cloudformation/stack:Stack": _OF_THE_STACK,
    "aws:cloudformation/stackSet:StackSet": _OF_THE_STACK,
    "aws:cloudcontrol/resource:Resource": _OF_THE_STACK,
    "aws:servicecatalog/provisionedProduct:ProvisionedProduct": _OF_THE_STACK,
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": _OF_THE_STACK,
    "command:local:Command": _OF_THE_STACK,
    "command:remote:Command": _OF_THE_STACK,
    "pulumi-nodejs:dynamic:Resource": _OF_THE_STACK,
}
"""What makes things of which a program says nothing that can be judged."""
_OPAQUE_PREFIXES: Final[Mapping[str, str]] = {
    **{
        f"aws-native:{service}:": "declare it by the provider aws"
        for service in (
            *("backup", "certificatemanager", "ec2", "ecr", "ecs", "eks", "elasticache", "elasticloadbalancingv2"),
            *("iam", "kms", "logs", "rds", "route53", "s3", "secretsmanager", "sns", "wafv2"),
        )
    },
    "pulumi-python:dynamic": _OF_THE_STACK,
    "kubernetes:argoproj.io/v1alpha1:Application": _OF_THE_STACK,
    "kubernetes:helm.toolkit.fluxcd.io/": _OF_THE_STACK,
    "kubernetes:kustomize.toolkit.fluxcd.io/": _OF_THE_STACK,
}
_RENDERED: Final = (
    *(f"kubernetes:helm.sh/{version}:Chart" for version in ("v2", "v3", "v4")),
    *(f"kubernetes:{group}:{kind}" for group in ("yaml", "yaml/v2") for kind in ("ConfigFile", "ConfigGroup")),
    *(f"kubernetes:{group}:Directory" for group in ("kustomize", "kustomize/v2")),
)
"""Components whose objects are resources of the stack too, once they are rendered."""
_TYPES_OF_KUBERNETES: Final = ("kubernetes:apiextensions.k8s.io/", "kubernetes:admissionregistration.k8s.io/")


def spellings_read(resource: Resource) -> Iterator[Violation]:
    """Nothing is written in a spelling of which only the other one is judged."""
    yield Violation(resource, f"no rule reads this spelling: {SPELLINGS[resource.type]}")


def compute_judged(resource: Resource) -> Iterator[Violation]:
    """Nothing runs where no rule looks."""
    yield Violation(resource, f"no rule judges what runs on it: {COMPUTE[resource.type]}")


def stores_judged(resource: Resource) -> Iterator[Violation]:
    """No data lies where no rule looks."""
    yield Violation(resource, f"no rule judges how it keeps data: {STORES[resource.type]}")


def nothing_opaque(graph: Graph) -> Iterator[Finding]:
    """Whatever is deployed is a resource of the stack, and pods are in kinds that the rules read."""
    paths = [resource.urn.split("::")[2] for resource in graph if resource.urn.count("::") > 1]
    parents = {parent for path in paths for parent in path.split("$")[:-1]}
    for resource in graph:
        token = resource.type
        prefix = next((each for each in _OPAQUE_PREFIXES if token.startswith(each)), None)
        way_out = OPAQUE.get(token) or (_OPAQUE_PREFIXES[prefix] if prefix else None)
        if way_out is not None:
            yield Violation(resource, f"what it makes is not in the stack: {way_out}")
        elif token in _RENDERED and token not in parents:
            if _holds_unknown(resource.properties):
                yield Undecided(resource, "what it renders")
            else:
                yield Violation(resource, f"what it renders is not in the stack: {_OF_THE_STACK}")
        elif token.startswith("kubernetes:") and _makes_pods(resource):
            yield Violation(resource, "it makes pods that no rule reads: declare a Deployment or another built-in kind")


def _holds_unknown(value: Plain) -> bool:
    return any(each is UNKNOWN for each in _within(value))


def _makes_pods(resource: Resource) -> bool:
    """Whether a kind that no rule reads holds containers, somewhere in it."""
    if resource.type in POD_TYPES or resource.type.startswith(_TYPES_OF_KUBERNETES):
        return False
    return any(
        isinstance(each, Mapping) and _are_containers(each.get("containers")) for each in _within(resource.properties)
    )


def _are_containers(value: Plain) -> bool:
    return any(isinstance(each, Mapping) and "image" in each for each in elements(value))


def _within(value: Plain) -> Iterator[Plain]:
    """A value and everything below it, however deep."""
    left = [value]
    while left:
        here = left.pop()
        yield here
        if isinstance(here, Mapping):
            left.extend(here.values())
        elif isinstance(here, Sequence) and not isinstance(here, str):
            left.extend(here)


SPELLINGS_READ: Final = ResourceRule(
    about=Description(
        id="spellings-read",
        title="What has two spellings is written in the one that is judged",
        severity=Severity.HIGH,
        frameworks=("FSBP ELB.2", "WA SEC01"),
        why="A second spelling passes every rule that reads the first, and nobody notices.",
        remediation="Write it in the other spelling.",
    ),
    types=frozenset(SPELLINGS),
    check=spellings_read,
)
COMPUTE_JUDGED: Final = ResourceRule(
    about=Description(
        id="compute-judged",
        title="Everything runs in pods and on nodes that the rules read",
        severity=Severity.HIGH,
        frameworks=("WA SEC06", "FSBP EC2.8", "CIS EKS 5.4.3"),
        why="An instance or a task has metadata, disks, images and addresses of its own, which no rule sees.",
        remediation="Move it into the cluster, or accept it by an exception that says who looks after it.",
    ),
    types=frozenset(COMPUTE),
    check=compute_judged,
)
STORES_JUDGED: Final = ResourceRule(
    about=Description(
        id="stores-judged",
        title="Relational data and caches are in services that the rules read",
        severity=Severity.HIGH,
        frameworks=("WA SEC08",),
        why="Its encryption, backups, TLS and deletion have other names there, and none of these rules knows them.",
        remediation="Move the data, or accept it by an exception that says who looks after it.",
    ),
    types=frozenset(STORES),
    check=stores_judged,
)
NOTHING_OPAQUE: Final = GraphRule(
    about=Description(
        id="nothing-opaque",
        title="Whatever is deployed is a resource of the stack",
        severity=Severity.HIGH,
        frameworks=("WA SEC01", "WA OPS05"),
        why="What a release, a template or a script makes is in no preview, so nobody judges it before it is there.",
        remediation="Declare its parts, or render it in the program.",
    ),
    check=nothing_opaque,
)
