"""Read replicas: held as their primary is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import Resource
from policy.rules.data.backup_traps import REPLICATED_PASSWORDS
from policy.rules.data.read_replicas import REPLICAS_HELD_ALIKE
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

GROUP, OTHER = (resource("aws:ec2/securityGroup:SecurityGroup", name) for name in ("group", "other"))
PARAMETERS, OTHERS = (resource("aws:rds/parameterGroup:ParameterGroup", name) for name in ("own", "others"))
KEY, OTHER_KEY = (resource("aws:kms/key:Key", name) for name in ("key", "other-key"))
AROUND = (GROUP, OTHER, PARAMETERS, OTHERS, KEY, OTHER_KEY)
HELD: dict[str, Plain] = {
    "autoMinorVersionUpgrade": True,
    "caCertIdentifier": "rds-ca-rsa2048-g1",
    "copyTagsToSnapshot": True,
    "databaseInsightsMode": "advanced",
    "deletionProtection": True,
    "enabledCloudwatchLogsExports": ["postgresql"],
    "performanceInsightsEnabled": True,
    "publiclyAccessible": False,
    "parameterGroupName": UNKNOWN,
    "vpcSecurityGroupIds": [UNKNOWN],
    "performanceInsightsKmsKeyId": UNKNOWN,
}


def instance(name: str, changed: dict[str, Plain] | None = None, **dependencies: Resource) -> Resource:
    from_all = {
        "vpcSecurityGroupIds": GROUP,
        "parameterGroupName": PARAMETERS,
        "performanceInsightsKmsKeyId": KEY,
        **dependencies,
    }
    made = resource(DATABASE, name, HELD | (changed or {}))
    return replace(made, dependencies={key: (value.urn,) for key, value in from_all.items()})


PRIMARY = instance("primary")


def found(replica: Resource, primary: Resource = PRIMARY) -> list[tuple[str, str]]:
    return violations(REPLICAS_HELD_ALIKE, primary, replica, *AROUND)


def test_a_replica_that_is_held_alike_passes() -> None:
    assert found(instance("replica", replicateSourceDb=PRIMARY)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("autoMinorVersionUpgrade", False),
        ("caCertIdentifier", "rds-ca-rsa4096-g1"),
        ("caCertIdentifier", None),
        ("copyTagsToSnapshot", None),
        ("databaseInsightsMode", "standard"),
        ("copyTagsToSnapshot", UNKNOWN),
        ("performanceInsightsEnabled", None),
        ("publiclyAccessible", True),
    ],
)
def test_each_flag_is_the_primarys(name: str, value: Plain) -> None:
    replica = instance("replica", {name: value}, replicateSourceDb=PRIMARY)
    assert found(replica) == [("replica", f"{name} must be known, and what it is for primary")]


@pytest.mark.parametrize(("name", "otherwise"), [("autoMinorVersionUpgrade", True), ("publiclyAccessible", False)])
def test_absent_is_what_it_means(name: str, *, otherwise: bool) -> None:
    assert HELD[name] is otherwise
    assert found(instance("replica", {name: None}, replicateSourceDb=PRIMARY)) == []


def test_both_may_be_unprotected() -> None:
    primary = instance("primary", {"copyTagsToSnapshot": False})
    assert found(instance("replica", {"copyTagsToSnapshot": None}, replicateSourceDb=primary), primary) == []


def test_two_flags_that_are_not_known_are_not_alike() -> None:
    primary = instance("primary", {"copyTagsToSnapshot": UNKNOWN})
    replica = instance("replica", {"copyTagsToSnapshot": UNKNOWN}, replicateSourceDb=primary)
    assert found(replica, primary) == [("replica", "copyTagsToSnapshot must be known, and what it is for primary")]


@pytest.mark.parametrize(
    ("exports", "passes"),
    [(["upgrade", "postgresql"], True), (["upgrade"], False), (None, False), (UNKNOWN, False)],
)
def test_a_replica_delivers_what_its_primary_does(exports: Plain, *, passes: bool) -> None:
    replica = instance("replica", {"enabledCloudwatchLogsExports": exports}, replicateSourceDb=PRIMARY)
    message = "enabledCloudwatchLogsExports must hold all that primary delivers"
    assert found(replica) == ([] if passes else [("replica", message)])


@pytest.mark.parametrize(
    ("name", "other"),
    [("vpcSecurityGroupIds", OTHER), ("parameterGroupName", OTHERS), ("performanceInsightsKmsKeyId", OTHER_KEY)],
)
def test_a_replica_is_made_from_what_its_primary_is(name: str, other: Resource) -> None:
    replica = instance("replica", replicateSourceDb=PRIMARY)
    message = ("replica", f"{name} must name what it names for primary")
    assert found(made_from(replica, name, other)) == [message]
    assert found(made_from(replica, name)) == [message]
    far = replace(made_from(replica, name, other), properties={**replica.properties, "region": "eu-central-1"})
    assert found(far) == []


def test_a_parameter_group_is_inherited_but_security_groups_are_not() -> None:
    replica = instance("replica", {"parameterGroupName": None}, replicateSourceDb=PRIMARY)
    assert found(made_from(replica, "parameterGroupName")) == []
    bare = instance("replica", {"vpcSecurityGroupIds": None}, replicateSourceDb=PRIMARY)
    assert len(found(made_from(bare, "vpcSecurityGroupIds"))) == 1


@pytest.mark.parametrize(("managed", "passes"), [(None, True), (False, True), (True, False), (UNKNOWN, False)])
def test_rds_keeps_no_password_of_a_source(managed: Plain, *, passes: bool) -> None:
    primary = instance("primary", {"manageMasterUserPassword": managed})
    message = "manageMasterUserPassword must be absent: RDS refuses to replicate such a source"
    replica = instance("replica", replicateSourceDb=primary)
    expected = [] if passes else [("primary", message)]
    assert violations(REPLICATED_PASSWORDS, replica, primary, *AROUND) == expected
    assert violations(REPLICATED_PASSWORDS, primary, *AROUND) == []  # alone, it may
