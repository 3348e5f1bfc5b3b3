"""Buckets: nothing about a bucket is left to a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from policy.documents import denies_everybody, statements, texts
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, read

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_ENCRYPTIONS: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
_FLAGS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_PLAINTEXT: Final[tuple[Plain, ...]] = tuple(
    {"Bool": {"aws:SecureTransport": value}} for value in ("false", False, ["false"])
)
"""The condition that a request came without TLS; a second one beside it would narrow what is refused."""


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


def _encrypted(encryption: Resource) -> bool:
    return bool(elements(encryption.get("rules")))  # by which key is the business of storage-customer-key


def _versioned(versioning: Resource) -> bool:
    return versioning.get("versioningConfiguration", "status") == "Enabled"


def _ages(lifecycle: Resource) -> bool:
    return any(read(rule, "status") == "Enabled" for rule in elements(lifecycle.get("rules")))


_SATELLITES: Final = (
    _Satellite(
        "public access block",
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
        _closed,
        f"{', '.join(_FLAGS)} must be true",
    ),
    _Satellite(
        "ownership controls",
        ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",),
        _owned,
        "rule.objectOwnership must be BucketOwnerEnforced",
    ),
    _Satellite("encryption", BUCKET_ENCRYPTIONS, _encrypted, "rules must say how objects are encrypted"),
    _Satellite(
        "versioning",
        ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"),
        _versioned,
        "versioningConfiguration.status must be Enabled",
    ),
    _Satellite(
        "lifecycle",
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
        ),
        _ages,
        "one of rules must be Enabled",
    ),
)


def buckets_complete(graph: Graph) -> Iterator[Finding]:
    """Each bucket has every satellite, each says what it must, and its policy refuses plaintext."""
    for bucket in graph.of_type(*BUCKETS):
        for satellite in _SATELLITES:
            found = graph.referring(bucket, "bucket", *satellite.types)
            if not found:
                yield Violation(bucket, f"it has no {satellite.what}")
            for each in found:
                if not satellite.holds(each):
                    yield Violation(each, f"{satellite.wanted}, for {bucket.name}")
        yield from _plaintext(graph, bucket)


def _plaintext(graph: Graph, bucket: Resource) -> Iterator[Finding]:
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
        denies_everybody(statement, "*", "s3:*")
        and any(each.endswith("/*") for each in resources)
        and any(not each.endswith("/*") for each in resources)
        and read(statement, "Condition") in _PLAINTEXT
    )


BUCKETS_COMPLETE: Final = GraphRule(
    about=Description(
        id="buckets-complete",
        title="Buckets are private, owned, encrypted, versioned, tidied and spoken to by TLS",
        severity=Severity.HIGH,
        frameworks=("FSBP S3.8", "FSBP S3.5", "FSBP S3.12", "FSBP S3.13", "CIS AWS 2.1.1", "CIS AWS 2.1.4"),
        why="Each of these is a resource of its own, so each can be forgotten, and the bucket works all the same.",
        remediation="Declare public access block, ownership controls, encryption, versioning, lifecycle, and a policy "
        "that denies s3:* where aws:SecureTransport is false, on the bucket and on its objects.",
    ),
    check=buckets_complete,
)
