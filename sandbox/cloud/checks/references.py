"""References to things that do not exist: ids and ARNs anywhere, and names where the API wants a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.identities import is_identifier
from sandbox.cloud.values import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

CLUSTER: Final = ("aws:eks/cluster:Cluster", "name")
ROLE: Final = ("aws:iam/role:Role", "name")
REPOSITORY: Final = ("aws:ecr/repository:Repository", "name")
LOG_GROUP: Final = ("aws:cloudwatch/logGroup:LogGroup", "name")
BUCKET: Final = ("aws:s3/bucket:Bucket", "bucket")
VAULT: Final = ("aws:backup/vault:Vault", "name")

# (type, property) -> the type and property that must hold this very name.
NAMED: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "backupVaultName"): VAULT,
    ("aws:backup/vaultPolicy:VaultPolicy", "backupVaultName"): VAULT,
    ("aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName"): LOG_GROUP,
    ("aws:cloudwatch/logStream:LogStream", "logGroupName"): LOG_GROUP,
    ("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "logGroup"): LOG_GROUP,
    ("aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository"): REPOSITORY,
    ("aws:ecr/repositoryPolicy:RepositoryPolicy", "repository"): REPOSITORY,
    ("aws:eks/accessEntry:AccessEntry", "clusterName"): CLUSTER,
    ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "clusterName"): CLUSTER,
    ("aws:eks/addon:Addon", "clusterName"): CLUSTER,
    ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "clusterName"): CLUSTER,
    ("aws:elasticache/replicationGroup:ReplicationGroup", "parameterGroupName"): (
        "aws:elasticache/parameterGroup:ParameterGroup",
        "name",
    ),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName"): (
        "aws:elasticache/subnetGroup:SubnetGroup",
        "name",
    ),
    ("aws:iam/instanceProfile:InstanceProfile", "role"): ROLE,
    ("aws:iam/rolePolicy:RolePolicy", "role"): ROLE,
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"): ROLE,
    ("aws:rds/instance:Instance", "dbSubnetGroupName"): ("aws:rds/subnetGroup:SubnetGroup", "name"),
    ("aws:rds/instance:Instance", "parameterGroupName"): ("aws:rds/parameterGroup:ParameterGroup", "name"),
}
# AWS keeps a default parameter group for each engine version: default.postgres17, default.redis7.
PROVIDED_PREFIX: Final = "default."


def check_identifiers(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse an id or ARN behind which nothing stands."""
    for path, text in strings(wanted.inputs):
        if is_identifier(text) and not world.exists(text):
            yield Failure(
                path,
                f"{text} does not exist here: take it from the resource that makes it, or name it in the stack file",
            )


def check_names(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse the name of something that was never made."""
    for name, value in wanted.inputs.items():
        target = NAMED.get((wanted.type, name))
        if target is None and name == "bucket" and wanted.type.startswith("aws:s3/bucket") and wanted.type != BUCKET[0]:
            target = BUCKET
        if target is None or not isinstance(value, str) or value.startswith(PROVIDED_PREFIX):
            continue
        kind, key = target
        if world.exists(value) or any(resource.get(key) == value for resource in world.of_type(kind)):
            continue
        yield Failure(
            name, f"there is no {kind} whose {key} is {value!r}: take the name from the resource that makes it"
        )
