from __future__ import annotations

import pytest

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.checks import DELETED, WANTED, run_checks
from sandbox.cloud.checks.references import NAMED
from sandbox.cloud.identities import is_identifier, is_managed
from sandbox.cloud.values import UNKNOWN, Properties, Secret
from sandbox.cloud.world import Resource, World
from tests.unit.sandbox.cloud.making import resource, world

VPC = resource("aws:ec2/vpc:Vpc", "net", "vpc-00000000000000001", cidrBlock="10.0.0.0/16")
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:rds/subnetGroup:SubnetGroup"
DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "aws:eks/cluster:Cluster"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def subnet(number: int, zone: str, cidr: str | None = None) -> Resource:
    return resource(
        SUBNET,
        f"s{number}",
        f"subnet-{number:017x}",
        vpcId=VPC.id,
        cidrBlock=cidr or f"10.0.{number}.0/24",
        availabilityZone=f"eu-west-1{zone}",
    )


A, B, ALSO_A = subnet(1, "a"), subnet(2, "b"), subnet(3, "a")
NETWORK = (VPC, A, B, ALSO_A)


def refused(wanted: Resource, *standing: Resource, existing: tuple[str, ...] = ()) -> list[str]:
    there: World = world(*standing, existing=existing)
    return [str(failure) for failure in run_checks(WANTED, wanted, there)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vpc-0123456789abcdef0", True),
        ("sg-01234567", True),
        ("sg-database", False),
        ("arn:aws:iam::111111111111:role/pods", True),
        ("arn:aws:logs:eu-west-1:111111111111:log-group:/tmi:*", False),
        ("Z0123456789ABCDEFGHIJ", True),
        ("ZONE", False),
        ("see arn:aws:iam::111111111111:role/pods", False),
    ],
)
def test_ids_are_known_by_their_form(text: str, *, expected: bool) -> None:
    assert is_identifier(text) is expected


def test_what_aws_itself_provides_needs_no_resource() -> None:
    assert is_managed("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    assert is_managed("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
    assert is_managed("arn:aws:iam::111111111111:root")
    assert not is_managed("arn:aws:iam::111111111111:role/aws")


def test_a_reference_to_nothing_is_refused_wherever_it_stands() -> None:
    wanted = resource(CLUSTER, vpcConfig={"subnetIds": [A.id, B.id], "securityGroupIds": ["sg-0123456789abcdef0"]})
    message = (
        "vpcConfig.securityGroupIds[0]: sg-0123456789abcdef0 does not exist here: "
        "take it from the resource that makes it, or name it in the stack file"
    )

    assert refused(wanted, *NETWORK) == [message]
    assert refused(wanted, *NETWORK, existing=("sg-0123456789abcdef0",)) == []


def test_what_a_resource_brings_with_it_exists_while_it_does() -> None:
    brought = "sg-0000000000000000a"
    vpc = resource("aws:ec2/vpc:Vpc", "net", "vpc-0000000000000000b", {"defaultSecurityGroupId": brought})
    there = world(vpc)
    assert there.exists(vpc.id)
    assert there.exists(brought)

    there.forget(vpc.urn, vpc.id)
    assert not there.exists(vpc.id)
    assert not there.exists(brought)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            resource(DATABASE, dbSubnetGroupName="none"),
            (
                "dbSubnetGroupName: there is no aws:rds/subnetGroup:SubnetGroup whose name is 'none': "
                "take the name from the resource that makes it"
            ),
        ),
        (
            resource("aws:s3/bucketVersioning:BucketVersioning", bucket="none"),
            (
                "bucket: there is no aws:s3/bucket:Bucket whose bucket is 'none': "
                "take the name from the resource that makes it"
            ),
        ),
    ],
)
def test_a_name_of_nothing_is_refused(wanted: Resource, message: str) -> None:
    assert refused(wanted) == [message]


def test_names_that_are_there_are_accepted() -> None:
    group = resource(GROUP, "data", "data-1", name="data-1")

    assert refused(resource(DATABASE, dbSubnetGroupName="data-1"), group) == []
    assert refused(resource(DATABASE, parameterGroupName="default.postgres17", dbSubnetGroupName=UNKNOWN)) == []


def test_the_table_of_names_names_real_properties() -> None:
    for (token, property_), (target, key) in NAMED.items():
        assert property_ in resource_type(token).inputs.types, token
        assert key in resource_type(target).inputs.types, target


def test_a_name_can_be_taken_once_in_a_region() -> None:
    token = "aws:cloudwatch/logGroup:LogGroup"  # noqa: S105 -- a type token
    first, second = resource(token, "first", "/tmi", name="/tmi"), resource(token, "second", name="/tmi")
    elsewhere = Resource(urn=second.urn, inputs=second.inputs, outputs={"region": "eu-central-1"})

    assert refused(second, first) == [
        "name: already exists: first has the same name /tmi, region eu-west-1; give one of them another"
    ]
    assert refused(elsewhere, first) == []
    assert refused(first, first) == []


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("10.1.0.0/24", "cidrBlock: 10.1.0.0/24 lies outside the VPC's range 10.0.0.0/16"),
        ("10.0.1.128/25", "cidrBlock: 10.0.1.128/25 overlaps 10.0.1.0/24 of s1 in the same VPC"),
        ("10.0.9.1/24", "cidrBlock: '10.0.9.1/24' is not an IPv4 network; its host bits must be zero"),
        ("10.0.9.0/29", "cidrBlock: 10.0.9.0/29 must be between /16 and /28"),
    ],
)
def test_a_subnet_that_does_not_fit_is_refused(cidr: str, message: str) -> None:
    assert refused(subnet(9, "a", cidr), VPC, A) == [message]


@pytest.mark.parametrize(
    ("wanted", "messages"),
    [
        (resource(GROUP, subnetIds=[A.id, B.id]), []),
        (resource(GROUP, subnetIds=[A.id, UNKNOWN]), []),
        (
            resource(GROUP, subnetIds=[A.id, ALSO_A.id]),
            ["subnetIds: must be subnets of at least two availability zones, but all lie in eu-west-1a"],
        ),
        (
            resource(GROUP, subnetIds=[UNKNOWN]),
            ["subnetIds: must be subnets of at least two availability zones, but only 1 is given"],
        ),
        (
            resource(BALANCER, subnets=[A.id, B.id, ALSO_A.id]),
            ["subnets: a load balancer takes one subnet of each availability zone, but two lie in the same one"],
        ),
        (resource(BALANCER, loadBalancerType="network", subnets=[A.id]), []),
        (
            resource(CLUSTER, vpcConfig={"subnetIds": [A.id]}),
            ["vpcConfig.subnetIds: must be subnets of at least two availability zones, but all lie in eu-west-1a"],
        ),
    ],
)
def test_two_zones_are_the_rule(wanted: Resource, messages: list[str]) -> None:
    assert refused(wanted, *NETWORK) == messages


def test_a_replica_needs_backups_of_its_source() -> None:
    replica = resource(DATABASE, "copy", replicateSourceDb="main")
    kept = resource(DATABASE, "main", "db-1", identifier="main", backupRetentionPeriod=7.0)
    lost = resource(DATABASE, "main", "db-1", identifier="main", backupRetentionPeriod=0.0)

    assert refused(replica, kept) == []
    assert refused(replica, lost) == [
        "replicateSourceDb: main takes no automated backups: set its backupRetentionPeriod to at least 1 day"
    ]
    assert refused(replica) == ["replicateSourceDb: there is no database instance 'main'"]


LATEST: Properties = {"sourceDbInstanceIdentifier": "main", "useLatestRestorableTime": True}


@pytest.mark.parametrize(
    ("inputs", "messages"),
    [
        ({"restoreToPointInTime": LATEST}, []),
        ({"snapshotIdentifier": "before-the-upgrade"}, []),
        (
            {"snapshotIdentifier": "before-the-upgrade", "restoreToPointInTime": LATEST},
            ["snapshotIdentifier: conflicts with restoreToPointInTime: name one of them"],
        ),
        (
            {"restoreToPointInTime": LATEST, "kmsKeyId": UNKNOWN},
            ["kmsKeyId: is not for a restore, which keeps the key of its source: leave it out"],
        ),
        (
            {"restoreToPointInTime": LATEST | {"restoreTime": "2026-11-27T03:00:00Z"}},
            ["restoreToPointInTime: needs restoreTime or useLatestRestorableTime, and not both"],
        ),
        (
            {"restoreToPointInTime": {"sourceDbInstanceIdentifier": "main"}},
            ["restoreToPointInTime: needs restoreTime or useLatestRestorableTime, and not both"],
        ),
    ],
)
def test_a_restore_says_where_it_comes_from_and_nothing_that_comes_with_it(
    inputs: Properties, messages: list[str]
) -> None:
    primary = resource(DATABASE, "main", "db-1", identifier="main", backupRetentionPeriod=7.0)
    assert refused(resource(DATABASE, "copy", **inputs), primary) == messages


def test_a_restore_needs_backups_of_its_source() -> None:
    primary = resource(DATABASE, "main", "db-1", identifier="main", backupRetentionPeriod=0.0)
    (message,) = refused(resource(DATABASE, "copy", restoreToPointInTime=LATEST), primary)
    assert message.startswith("restoreToPointInTime.sourceDbInstanceIdentifier: main takes no automated backups")


@pytest.mark.parametrize(
    ("wanted", "messages"),
    [
        (resource(CACHE, automaticFailoverEnabled=True, multiAzEnabled=True, numCacheClusters=2.0), []),
        (
            resource(CACHE, automaticFailoverEnabled=True, numCacheClusters=1.0),
            ["numCacheClusters: must be at least 2 where automaticFailoverEnabled is true"],
        ),
        (resource(CACHE, multiAzEnabled=True), ["multiAzEnabled: needs automaticFailoverEnabled to be true"]),
        (
            resource(CLUSTER, computeConfig={"enabled": True}, storageConfig={"blockStorage": {"enabled": True}}),
            [
                (
                    "kubernetesNetworkConfig.elasticLoadBalancing.enabled: must be true, as computeConfig.enabled and "
                    "storageConfig.blockStorage.enabled: Auto Mode is one switch"
                )
            ],
        ),
        (
            resource(DATABASE, passwordWo=Secret("hidden")),
            ["passwordWoVersion: missing: passwordWo is sent again only when its version changes"],
        ),
    ],
)
def test_parts_that_do_not_go_together_are_refused(wanted: Resource, messages: list[str]) -> None:
    assert refused(wanted) == messages


@pytest.mark.parametrize(
    ("standing", "messages"),
    [
        (resource(DATABASE, skipFinalSnapshot=True), []),
        (resource(DATABASE, finalSnapshotIdentifier="last"), []),
        (resource(DATABASE, replicateSourceDb="main"), []),
        (
            resource(DATABASE),
            ["finalSnapshotIdentifier: missing: name the final snapshot, or set skipFinalSnapshot to true"],
        ),
        (
            resource(DATABASE, skipFinalSnapshot=True, deletionProtection=True),
            ["deletionProtection: is true: set it to false and deploy that first"],
        ),
        (
            resource(BALANCER, enableDeletionProtection=True),
            ["enableDeletionProtection: is true: set it to false and deploy that first"],
        ),
        (
            resource(CLUSTER, deletionProtection=True),
            ["deletionProtection: is true: set it to false and deploy that first"],
        ),
        (VPC, [f"{VPC.id} is still in use by s1 ({SUBNET})"]),
        (B, []),
    ],
)
def test_a_deletion_is_refused_where_something_would_be_lost(standing: Resource, messages: list[str]) -> None:
    assert [str(failure) for failure in run_checks(DELETED, standing, world(VPC, A))] == messages
