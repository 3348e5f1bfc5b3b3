"""What keys are used for: each in its own region, by a service that the key's policy lets use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.documents import allows_service, statements, texts
from policy.facts.policies import KEY_POLICY, policies_of
from policy.facts.replicas import DATABASE, in_other_region
from policy.graph import Graph
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.data.buckets import BUCKET_ENCRYPTIONS
from policy.rules.data.encryption import keys_behind
from policy.values import UNKNOWN, Plain, elements, read

_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 -- a type token
_USES: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:backup/vault:Vault": ("kmsKeyArn",),
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": ("kmsKeyId",),
    "aws:cloudwatch/logGroup:LogGroup": ("kmsKeyId",),
    "aws:ebs/volume:Volume": ("kmsKeyId",),
    "aws:ecr/repository:Repository": ("encryptionConfigurations",),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ("encryptionConfigurations",),
    "aws:efs/fileSystem:FileSystem": ("kmsKeyId",),
    "aws:eks/cluster:Cluster": ("encryptionConfig",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("kmsKeyId",),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("serverSideEncryption",),
    "aws:rds/cluster:Cluster": ("kmsKeyId", "performanceInsightsKmsKeyId"),
    DATABASE: ("kmsKeyId", "performanceInsightsKmsKeyId"),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": ("kmsKeyId",),
    _SECRET: ("kmsKeyId",),
    "aws:sns/topic:Topic": ("kmsMasterKeyId",),
    "aws:sqs/queue:Queue": ("kmsMasterKeyId",),
    "aws:synthetics/canary:Canary": ("artifactConfig",),
    **dict.fromkeys(BUCKET_ENCRYPTIONS, ("rules",)),
}
"""By type, the properties that name the key of a resource's own region."""
_LOG_USERS: Final = ("aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector")
_LOG_ACTIONS: Final = ("kms:encrypt", "kms:decrypt", "kms:generatedatakey")
"""Source: Amazon CloudWatch Logs User Guide, encrypt log data using AWS KMS."""


def keys_in_region(graph: Graph) -> Iterator[Violation]:
    """No resource names a key of another region, and each replica of a secret names one of its own."""
    for token, names in _USES.items():
        for resource in graph.of_type(token):
            for name in names:
                if any(in_other_region(graph, resource, key) for key in keys_behind(graph, resource, name)):
                    yield Violation(resource, f"{name} names a key of another region, where its service cannot use it")
    for secret in graph.of_type(_SECRET):
        wanted = [read(replica, "region") for replica in elements(secret.get("replicas"))]
        regions = [graph.region(key) for key in keys_behind(graph, secret, "replicas")]
        if UNKNOWN not in (*wanted, *regions) and any(region not in wanted for region in regions):
            yield Violation(secret, "replicas names a key of a region that none of them is in")


def keys_serve_logs(graph: Graph) -> Iterator[Finding]:
    """CloudWatch Logs may use the key of each log group, by the key's policy: it comes with no role of the stack."""
    for user in graph.of_type(*_LOG_USERS):
        region = graph.region(user)
        for key in keys_behind(graph, user, "kmsKeyId"):
            for holder, document in policies_of(graph, key, "keyId", KEY_POLICY):
                if document is UNKNOWN:
                    yield Undecided(holder, f"whether CloudWatch Logs may use it for {user.name}")
                elif not all(_allows(document, region, action) for action in _LOG_ACTIONS):
                    yield Violation(user, f"the policy of {key.name}, its key, lets no CloudWatch Logs use it")


def _allows(document: Plain, region: Plain, action: str) -> bool:
    """Whether CloudWatch Logs is allowed an action, in its region; in any, where that is not known."""
    named = {each for one in statements(document) or () for each in texts(read(one, "Principal", "Service"))}
    wanted = {"logs.amazonaws.com", f"logs.{region}.amazonaws.com"}
    services = named & wanted if isinstance(region, str) else {each for each in named if each.startswith("logs.")}
    return any(allows_service(document, service, action) for service in services)


KEYS_IN_REGION: Final = GraphRule(
    about=Description(
        id="keys-in-region",
        title="Whatever is encrypted has a key of its own region",
        severity=Severity.HIGH,
        frameworks=("WA REL13", "WA SEC08"),
        why="A copy whose key is in the region that failed cannot be read; most services refuse such a key, and only "
        "when the resource is made or the first copy runs.",
        remediation="Declare a key, or a ReplicaKey of a multi-Region key, by the provider of the resource's region.",
    ),
    check=keys_in_region,
)
KEYS_SERVE_LOGS: Final = GraphRule(
    about=Description(
        id="keys-serve-logs",
        title="CloudWatch Logs may use the keys of log groups",
        severity=Severity.HIGH,
        frameworks=("WA SEC04", "WA SEC08"),
        why="A group with such a key is refused when it is made, and goes blind when the key's policy changes later.",
        remediation="Allow logs.<region>.amazonaws.com kms:Encrypt, kms:Decrypt and kms:GenerateDataKey in the key's "
        "policy, for groups of this account.",
    ),
    check=keys_serve_logs,
)
