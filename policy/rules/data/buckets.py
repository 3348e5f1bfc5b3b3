"""Buckets: nothing about a bucket is left to a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from policy.facts.documents import denies_plaintext, statements, texts
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, present, read

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_ENCRYPTIONS: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
_FLAGS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


_ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
_ACLS: Final = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_PUBLIC_ACLS: Final = ("public-read", "public-read-write", "authenticated-read")


@dataclass(frozen=True, slots=True)
class _Satellite:
    """A resource that says one thing about a bucket."""

    what: str
    types: tuple[str, ...]
    holds: Callable[[Resource], bool]
    wanted: str


def _closed(block: Resource) -> bool:
    return all(block.get(flag) is True for flag in _FLAGS)


def _owned(controls: Resource) -> bool:
    return controls.get("rule", "objectOwnership") == "BucketOwnerEnforced"


def _versioned(versioning: Resource) -> bool:
    return versioning.get("versioningConfiguration", "status") == "Enabled"


def _ages(lifecycle: Resource) -> bool:
    """Whether something ends, and with it what nobody sees: earlier versions, and uploads that were given up."""
    rules = [rule for rule in elements(lifecycle.get("rules")) if read(rule, "status") == "Enabled"]
    wanted = ("noncurrentVersionExpiration", "abortIncompleteMultipartUpload")
    return all(any(present(read(rule, name)) for rule in rules) for name in wanted)


_PUBLIC_ACCESS: Final = _Satellite(
    "public access block",
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
    _closed,
    f"{', '.join(_FLAGS)} must be true",
)
_OWNERSHIP: Final = _Satellite(
    "ownership controls",
    ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",),
    _owned,
    "rule.objectOwnership must be BucketOwnerEnforced",
)
_VERSIONING: Final = _Satellite(
    "versioning",
    ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"),
    _versioned,
    "versioningConfiguration.status must be Enabled",
)
_LIFECYCLE: Final = _Satellite(
    "lifecycle",
    (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
    ),
    _ages,
    "rules that are Enabled must end earlier versions and given-up uploads",
)


def _satellites(graph: Graph, satellite: _Satellite) -> Iterator[Finding]:
    """Each bucket has this satellite, and each of them says what it must."""
    for bucket in graph.of_type(*BUCKETS):
        found = graph.referring(bucket, "bucket", *satellite.types)
        if not found:
            yield Violation(bucket, f"it has no {satellite.what}")
        for each in found:
            if not satellite.holds(each):
                yield Violation(each, f"{satellite.wanted}, for {bucket.name}")


def buckets_closed(graph: Graph) -> Iterator[Finding]:
    """No bucket can be made public, by whatever is written later, and none is by an ACL."""
    yield from _satellites(graph, _PUBLIC_ACCESS)
    for block in graph.of_type(_ACCOUNT_BLOCK):
        if not _closed(block):
            yield Violation(block, f"{', '.join(_FLAGS)} must be true, for the account")
    for acl in graph.of_type(*_ACLS):
        if acl.get("acl") is UNKNOWN or acl.get("acl") in _PUBLIC_ACLS:
            yield Violation(acl, f"acl must be known, and none of {', '.join(_PUBLIC_ACLS)}")


def buckets_refuse_plaintext(graph: Graph) -> Iterator[Finding]:
    """The policy of each bucket refuses whoever comes without TLS."""
    for bucket in graph.of_type(*BUCKETS):
        policies = graph.referring(bucket, "bucket", _POLICY)
        if not policies:
            yield Violation(bucket, "it has no policy, so it answers plaintext")
        for policy in policies:
            document = policy.get("policy")
            if document is UNKNOWN:
                yield Undecided(policy, "whether it refuses plaintext")
            elif not any(_denies_plaintext(statement) for statement in statements(document) or ()):
                yield Violation(policy, f"no statement denies everybody everything without TLS, for {bucket.name}")


def _denies_plaintext(statement: Plain) -> bool:
    """Whether a statement refuses whoever comes without TLS, on the bucket and on its objects, in every case."""
    resources = texts(read(statement, "Resource"))
    return (
        denies_plaintext(statement, "*", "s3:*")
        and any(each.endswith("/*") for each in resources)
        and any(not each.endswith("/*") for each in resources)
    )


BUCKETS_CLOSED: Final = GraphRule(
    about=Description(
        id="buckets-closed",
        title="Buckets cannot be made public",
        severity=Severity.CRITICAL,
        frameworks=("FSBP S3.1", "FSBP S3.2", "FSBP S3.3", "FSBP S3.8", "CIS AWS 2.1.4"),
        why="One wrong policy or ACL publishes a bucket; the block holds whatever they say.",
        remediation="Declare a BucketPublicAccessBlock with all four flags for each bucket, and no ACL.",
    ),
    check=buckets_closed,
)
BUCKETS_OWNED: Final = GraphRule(
    about=Description(
        id="buckets-owned",
        title="Buckets own what is put into them",
        severity=Severity.MEDIUM,
        frameworks=("FSBP S3.12",),
        why="An object of another account's is not the bucket's to read, and its ACL lets in whom it likes.",
        remediation="Declare BucketOwnershipControls with BucketOwnerEnforced for each bucket.",
    ),
    check=partial(_satellites, satellite=_OWNERSHIP),
)
BUCKETS_REFUSE_PLAINTEXT: Final = GraphRule(
    about=Description(
        id="buckets-refuse-plaintext",
        title="Buckets are spoken to by TLS alone",
        severity=Severity.HIGH,
        frameworks=("FSBP S3.5", "CIS AWS 2.1.1"),
        why="S3 answers plaintext, and whoever is asked by an http address sends everything in the open.",
        remediation="Declare a BucketPolicy that denies s3:* where aws:SecureTransport is false, on the bucket and on "
        "its objects.",
    ),
    check=buckets_refuse_plaintext,
)
BUCKETS_VERSIONED: Final = GraphRule(
    about=Description(
        id="buckets-versioned",
        title="Buckets keep earlier versions",
        severity=Severity.MEDIUM,
        frameworks=("FSBP S3.14", "WA REL09"),
        why="What is overwritten or deleted by mistake is gone.",
        remediation="Declare a BucketVersioning with status Enabled for each bucket.",
    ),
    check=partial(_satellites, satellite=_VERSIONING),
)
BUCKETS_TIDIED: Final = GraphRule(
    about=Description(
        id="buckets-tidied",
        title="Buckets forget earlier versions and given-up uploads",
        severity=Severity.MEDIUM,
        frameworks=("FSBP S3.10", "FSBP S3.13"),
        why="Nobody sees them, everybody pays for them, and what had to be erased is still there.",
        remediation="Declare a BucketLifecycleConfiguration with noncurrentVersionExpiration and "
        "abortIncompleteMultipartUpload for each bucket.",
    ),
    check=partial(_satellites, satellite=_LIFECYCLE),
)
