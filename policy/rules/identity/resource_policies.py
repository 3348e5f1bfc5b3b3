"""Policies of resources: what somebody else may do with a bucket, a topic, a secret or a vault, is said of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.documents import opens_to_everybody, statements, texts
from policy.facts.identities import covers
from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, present, read

_POLICIES: Final[Mapping[str, str]] = {
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:s3/accessPoint:AccessPoint": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:s3/bucketV2:BucketV2": "policy",
    "aws:s3control/accessPointPolicy:AccessPointPolicy": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""By type, the property that holds the document; without one nobody outside of the account is let in. The policies of
keys and of endpoints, whose defaults are wide, have rules of their own."""
_ADMINISTRATION: Final = (
    "s3:deletebucketpolicy",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:putencryptionconfiguration",
    "s3:putobjectacl",
)
"""What nobody needs by a bucket's policy, in lower case. Source: AWS Security Hub User Guide, S3.6."""
_WITHIN: Final = frozenset({"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"})
"""Types whose document AWS fills in from elsewhere: an unknown one was not given here."""


def resources_closed(resource: Resource) -> Iterator[Finding]:
    """No statement grants everybody anything, except under a condition that says who calls."""
    name = _POLICIES[resource.type]
    document = resource.get(name)
    if not present(document) or (document is UNKNOWN and resource.type in _WITHIN):
        return
    if document is UNKNOWN:
        yield Undecided(resource, f"whom {name} lets in")
        return
    for number, statement in enumerate(statements(document) or (), start=1):
        if opens_to_everybody(statement):
            wanted = "name a principal, or the account in a condition"
            yield Violation(resource, f"{name}, statement {number}: it lets everybody in; {wanted}")


def buckets_administered_at_home(resource: Resource) -> Iterator[Finding]:
    """The policy of a bucket gives nobody the right to change who may do what with it."""
    document = resource.get("policy")
    if document is UNKNOWN and resource.type not in _WITHIN:
        yield Undecided(resource, "whether policy gives its administration away")
    if document is UNKNOWN or document is None:
        return
    for number, statement in enumerate(statements(document) or (), start=1):
        asked = texts(read(statement, "Action"))
        given = any(covers(pattern, action) for pattern in asked for action in _ADMINISTRATION)
        if read(statement, "Effect") != "Deny" and (given or read(statement, "NotAction") is not None):
            yield Violation(resource, f"policy, statement {number}: it gives the bucket's administration away")


RESOURCES_CLOSED: Final = ResourceRule(
    about=Description(
        id="resource-policies-closed",
        title="No policy of a resource lets everybody in",
        severity=Severity.CRITICAL,
        frameworks=("CIS AWS 2.21", "FSBP S3.2", "FSBP S3.3", "FSBP SNS.4", "FSBP SQS.3", "WA SEC03"),
        why="Principal * means every account there is, and whoever has none.",
        remediation="Name the service, role or account in Principal, or in a condition such as aws:SourceAccount or "
        "aws:PrincipalOrgID. That requests come by TLS is no such condition.",
    ),
    types=frozenset(_POLICIES),
    check=resources_closed,
)
BUCKETS_ADMINISTERED_AT_HOME: Final = ResourceRule(
    about=Description(
        id="buckets-administered-at-home",
        title="No policy of a bucket gives its administration away",
        severity=Severity.HIGH,
        frameworks=("FSBP S3.6", "WA SEC03"),
        why="Whoever may write a bucket's policy, its ACLs or its encryption has whatever else he wants of it.",
        remediation="Name the actions on objects that are needed; administer the bucket by roles of the account.",
    ),
    types=frozenset(token for token in _POLICIES if token.startswith("aws:s3/bucket")),
    check=buckets_administered_at_home,
)
