"""Deletions the cloud refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.values import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

PROTECTED_BY: Final = {
    "aws:eks/cluster:Cluster": "deletionProtection",
    "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
    "aws:rds/instance:Instance": "deletionProtection",
}
# What AWS will not delete while something refers to it (DependencyViolation, ResourceInUse).
NEEDED: Final = frozenset(
    {
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:elasticache/subnetGroup:SubnetGroup",
        "aws:lb/targetGroup:TargetGroup",
        "aws:rds/parameterGroup:ParameterGroup",
        "aws:rds/subnetGroup:SubnetGroup",
    }
)


def check_protected(standing: Resource, _world: World) -> Iterator[Failure]:
    """Refuse to delete what is protected."""
    switch = PROTECTED_BY.get(standing.type)
    if switch and standing.get(switch) is True:
        yield Failure(switch, "is true: set it to false and deploy that first")


def check_final_snapshot(standing: Resource, _world: World) -> Iterator[Failure]:
    """Refuse to delete a database whose last snapshot has no name. A replica has none to take."""
    if (
        standing.type == "aws:rds/instance:Instance"
        and standing.get("skipFinalSnapshot") is not True
        and not standing.get("finalSnapshotIdentifier")
        and not standing.get("replicateSourceDb")
    ):
        yield Failure("finalSnapshotIdentifier", "missing: name the final snapshot, or set skipFinalSnapshot to true")


def check_in_use(standing: Resource, world: World) -> Iterator[Failure]:
    """Refuse to delete what others still refer to."""
    if standing.type not in NEEDED:
        return
    for other in world.made():
        if other.urn != standing.urn and any(text == standing.id for _, text in strings(other.inputs)):
            yield Failure("", f"{standing.id} is still in use by {other.name} ({other.type})")
            return
