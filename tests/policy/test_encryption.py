from __future__ import annotations

from dataclasses import replace

import pytest

from policy.graph import Resource
from policy.rules.data.encryption import STORAGE_CUSTOMER_KEY
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

KEY = resource("aws:kms/key:Key", "key")
REPLICA_KEY = resource("aws:kms/replicaKey:ReplicaKey", "replica-key")
ALIAS = resource("aws:kms/alias:Alias", "alias", targetKeyId=KEY)
FOREIGN_ALIAS = resource("aws:kms/alias:Alias", "foreign-alias", {"targetKeyId": "elsewhere"})
INSTANCE = "aws:rds/instance:Instance"

STORES: dict[str, tuple[dict[str, Plain], str, str | None]] = {
    "aws:backup/vault:Vault": ({"kmsKeyArn": UNKNOWN}, "kmsKeyArn", None),
    "aws:cloudwatch/logGroup:LogGroup": ({"kmsKeyId": UNKNOWN}, "kmsKeyId", None),
    "aws:ebs/volume:Volume": ({"kmsKeyId": UNKNOWN, "encrypted": True}, "kmsKeyId", "encrypted"),
    "aws:efs/fileSystem:FileSystem": ({"kmsKeyId": UNKNOWN, "encrypted": True}, "kmsKeyId", "encrypted"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        {"kmsKeyId": UNKNOWN, "atRestEncryptionEnabled": True},
        "kmsKeyId",
        "atRestEncryptionEnabled",
    ),
    "aws:rds/cluster:Cluster": ({"kmsKeyId": UNKNOWN, "storageEncrypted": True}, "kmsKeyId", "storageEncrypted"),
    INSTANCE: ({"kmsKeyId": UNKNOWN, "storageEncrypted": True}, "kmsKeyId", "storageEncrypted"),
    "aws:secretsmanager/secret:Secret": ({"kmsKeyId": UNKNOWN}, "kmsKeyId", None),
    "aws:sns/topic:Topic": ({"kmsMasterKeyId": UNKNOWN}, "kmsMasterKeyId", None),
    "aws:sqs/queue:Queue": ({"kmsMasterKeyId": UNKNOWN}, "kmsMasterKeyId", None),
}
STORE_CASES = [(token, *case) for token, case in STORES.items()]
FLAGGED = [(token, properties, key, flag) for token, properties, key, flag in STORE_CASES if flag]


def store(token: str, properties: dict[str, Plain], key: str, *made_from: Resource) -> Resource:
    dependencies = {key: tuple(each.urn for each in made_from)}
    return replace(resource(token, "it", properties), dependencies=dependencies)


@pytest.mark.parametrize(("token", "properties", "key", "flag"), STORE_CASES)
@pytest.mark.parametrize("made_from", [KEY, REPLICA_KEY, ALIAS])
def test_a_key_of_the_stack_will_do(
    token: str, properties: dict[str, Plain], key: str, flag: str | None, made_from: Resource
) -> None:
    assert flag is None or properties[flag] is True
    kept = store(token, properties, key, made_from)
    assert violations(STORAGE_CUSTOMER_KEY, kept, KEY, REPLICA_KEY, ALIAS) == []


@pytest.mark.parametrize(("token", "properties", "key", "flag"), STORE_CASES)
@pytest.mark.parametrize("value", [None, "", UNKNOWN, "alias/aws/sns", ["key"]])
def test_any_other_key_will_not(
    token: str, properties: dict[str, Plain], key: str, flag: str | None, value: Plain
) -> None:
    assert flag is None or properties[flag] is True
    kept = store(token, properties | {key: value}, key, FOREIGN_ALIAS)
    message = f"{key} must refer to a KMS key of this stack"
    assert violations(STORAGE_CUSTOMER_KEY, kept, KEY, FOREIGN_ALIAS) == [("it", message)]


@pytest.mark.parametrize(("token", "properties", "key", "flag"), FLAGGED)
@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "absent"), (False, "false"), (UNKNOWN, "unknown until it is deployed"), ("true", "another text")],
)
def test_the_flag_is_true(
    token: str, properties: dict[str, Plain], key: str, flag: str, value: Plain, shown: str
) -> None:
    kept = store(token, properties | {flag: value}, key, KEY)
    assert violations(STORAGE_CUSTOMER_KEY, kept, KEY) == [("it", f"{flag} is {shown}; it must be true")]


PRIMARY = resource(INSTANCE, "primary", {"storageEncrypted": True, "kmsKeyId": UNKNOWN}, kmsKeyId=KEY)


def test_a_replica_inherits_within_its_region_alone() -> None:
    near = resource(INSTANCE, "near", replicateSourceDb=PRIMARY)
    assert violations(STORAGE_CUSTOMER_KEY, PRIMARY, KEY, near) == []
    far = resource(INSTANCE, "far", {"region": "eu-central-1"}, replicateSourceDb=PRIMARY)
    assert [name for name, _ in violations(STORAGE_CUSTOMER_KEY, PRIMARY, KEY, far)] == ["far", "far"]
    foreign = resource(INSTANCE, "near", {"kmsKeyId": "elsewhere"}, replicateSourceDb=PRIMARY)
    assert [name for name, _ in violations(STORAGE_CUSTOMER_KEY, PRIMARY, KEY, foreign)] == ["near", "near"]


@pytest.mark.parametrize(("enabled", "faults"), [(None, 0), (False, 0), (True, 1), (UNKNOWN, 1)])
def test_performance_data_has_a_key(enabled: Plain, faults: int) -> None:
    properties = {**PRIMARY.properties, "performanceInsightsEnabled": enabled}
    instance = replace(PRIMARY, properties=properties)
    assert len(violations(STORAGE_CUSTOMER_KEY, instance, KEY)) == faults
    dependencies = {**PRIMARY.dependencies, "performanceInsightsKmsKeyId": (KEY.urn,)}
    assert violations(STORAGE_CUSTOMER_KEY, replace(instance, dependencies=dependencies), KEY) == []


@pytest.mark.parametrize(
    ("config", "made_from", "faults"),
    [
        ({"provider": {"keyArn": UNKNOWN}, "resources": ["secrets"]}, [KEY], 0),
        ({"provider": {"keyArn": UNKNOWN}, "resources": []}, [KEY], 1),
        ({"provider": {"keyArn": UNKNOWN}, "resources": UNKNOWN}, [KEY], 1),
        ({"provider": {"keyArn": "elsewhere"}, "resources": ["secrets"]}, [], 1),
        ({"resources": ["secrets"]}, [KEY], 1),
        (None, [], 2),
        ([], [], 2),
    ],
)
def test_the_secrets_of_a_cluster(config: Plain, made_from: list[Resource], faults: int) -> None:
    cluster = resource("aws:eks/cluster:Cluster", "it", {"encryptionConfig": config}, encryptionConfig=made_from)
    assert len(violations(STORAGE_CUSTOMER_KEY, cluster, KEY)) == faults


@pytest.mark.parametrize(
    ("spec", "made_from", "faults"),
    [
        ({"ephemeralStorage": {"kmsKeyID": UNKNOWN}}, [KEY], 0),
        ({"ephemeralStorage": {"size": "80Gi"}}, [KEY], 1),
        ({"ephemeralStorage": {"kmsKeyID": "elsewhere"}}, [], 1),
        (None, [], 1),
    ],
)
def test_the_disks_of_nodes(spec: Plain, made_from: list[Resource], faults: int) -> None:
    node_class = resource("kubernetes:eks.amazonaws.com/v1:NodeClass", "it", {"spec": spec}, spec=made_from)
    assert len(violations(STORAGE_CUSTOMER_KEY, node_class, KEY)) == faults


@pytest.mark.parametrize(
    ("replicas", "made_from", "allowed"),
    [
        (None, [], True),
        ([{"region": "eu-central-1", "kmsKeyId": UNKNOWN}], [REPLICA_KEY], True),
        ([{"region": "eu-central-1"}], [REPLICA_KEY], False),
        ([{"region": "eu-central-1", "kmsKeyId": "elsewhere"}], [], False),
        (UNKNOWN, [], False),
    ],
)
def test_the_replicas_of_a_secret(replicas: Plain, made_from: list[Resource], *, allowed: bool) -> None:
    properties: dict[str, Plain] = {"kmsKeyId": UNKNOWN, "replicas": replicas}
    secret = resource("aws:secretsmanager/secret:Secret", "it", properties, kmsKeyId=KEY, replicas=made_from)
    assert (violations(STORAGE_CUSTOMER_KEY, secret, KEY, REPLICA_KEY) == []) is allowed


@pytest.mark.parametrize(
    "token", ["aws:ecr/repository:Repository", "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"]
)
@pytest.mark.parametrize(
    ("entries", "made_from", "allowed"),
    [
        ([{"encryptionType": "KMS", "kmsKey": UNKNOWN}], [KEY], True),
        ([{"encryptionType": "KMS"}], [], False),
        ([{"encryptionType": "AES256"}], [KEY], False),
        ([{"encryptionType": UNKNOWN}], [KEY], False),
        (None, [], False),
        (UNKNOWN, [KEY], False),
    ],
)
def test_images(token: str, entries: Plain, made_from: list[Resource], *, allowed: bool) -> None:
    images = resource(token, "it", {"encryptionConfigurations": entries}, encryptionConfigurations=made_from)
    assert (violations(STORAGE_CUSTOMER_KEY, images, KEY) == []) is allowed


BUCKET = resource("aws:s3/bucket:Bucket", "bucket")
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def encryption(algorithm: Plain, made_from: list[Resource]) -> Resource:
    rules: Plain = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}}]
    return resource(ENCRYPTION, "encryption", {"rules": rules}, bucket=BUCKET, rules=made_from)


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ([encryption("aws:kms", [KEY])], True),
        ([encryption("aws:kms:dsse", [KEY])], True),
        ([encryption("aws:kms", [])], False),
        ([encryption("AES256", [KEY])], False),
        ([encryption(UNKNOWN, [KEY])], False),
        ([resource(ENCRYPTION, "encryption", {"rules": []}, bucket=BUCKET, rules=KEY)], False),
        ([], False),
    ],
)
def test_buckets(settings: list[Resource], *, allowed: bool) -> None:
    found = violations(STORAGE_CUSTOMER_KEY, BUCKET, KEY, *settings)
    message = "its server-side encryption must be aws:kms with a key of this stack"
    assert found == ([] if allowed else [("bucket", message)])


@pytest.mark.parametrize("logs", ["accessLogs", "connectionLogs"])
def test_a_bucket_for_a_balancers_logs_is_encrypted_by_s3(logs: str) -> None:
    token = "aws:lb/loadBalancer:LoadBalancer"  # noqa: S105 -- a type token
    balancer = replace(resource(token, "alb"), dependencies={logs: (BUCKET.urn,)})
    assert violations(STORAGE_CUSTOMER_KEY, BUCKET, balancer) == []  # the default of S3
    assert violations(STORAGE_CUSTOMER_KEY, BUCKET, balancer, encryption("AES256", [])) == []
    [(name, message)] = violations(STORAGE_CUSTOMER_KEY, BUCKET, balancer, KEY, encryption("aws:kms", [KEY]))
    assert (name, message) == (
        "bucket",
        "its server-side encryption must be AES256, as it takes a balancer's logs",
    )


ORIGINS: list[dict[str, Plain]] = [
    {"snapshotIdentifier": "before-the-upgrade"},
    {"restoreToPointInTime": {"useLatestRestorableTime": True}},
    {"snapshotIdentifier": UNKNOWN},
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_restored_server_keeps_the_key_of_its_source(origin: dict[str, Plain]) -> None:
    restored = resource(INSTANCE, "it", {"storageEncrypted": True} | origin)
    assert violations(STORAGE_CUSTOMER_KEY, restored) == []
    foreign = resource(INSTANCE, "it", {"storageEncrypted": True, "kmsKeyId": "elsewhere"} | origin)
    assert violations(STORAGE_CUSTOMER_KEY, foreign) == [("it", "kmsKeyId must refer to a KMS key of this stack")]
    plain = resource(INSTANCE, "it", {"storageEncrypted": False} | origin)
    assert violations(STORAGE_CUSTOMER_KEY, plain) == [("it", "storageEncrypted is false; it must be true")]


@pytest.mark.parametrize("origin", [{}, {"snapshotIdentifier": None}, {"restoreToPointInTime": None}])
def test_a_server_that_is_not_restored_has_no_key_to_keep(origin: dict[str, Plain]) -> None:
    made = resource(INSTANCE, "it", {"storageEncrypted": True} | origin)
    assert violations(STORAGE_CUSTOMER_KEY, made) == [("it", "kmsKeyId must refer to a KMS key of this stack")]
