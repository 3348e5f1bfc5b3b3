from __future__ import annotations

import re

import pytest

from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.naming import AUTO_NAMES, NameTooLongError, auto_name_of, is_made_up, with_auto_name
from sandbox.cloud.unique_names import UNIQUE_NAMES, unique_name
from sandbox.cloud.values import UNKNOWN, Properties
from sandbox.cloud.world import Resource

GROUP = resource_type("aws:cloudwatch/logGroup:LogGroup")


def name_of(token: str, name: str, inputs: Properties | None = None, old: Properties | None = None) -> Properties:
    return with_auto_name(resource_type(token), name, b"seed", inputs or {}, old or {})


def test_a_name_is_made_from_the_logical_one_and_the_engine_s_seed() -> None:
    made = name_of(GROUP.token, "app")

    assert re.fullmatch(r"app-[0-9a-f]{7}", str(made["name"]))
    assert made == name_of(GROUP.token, "app")
    assert made != with_auto_name(GROUP, "app", b"another seed", {}, {})


def test_a_name_is_kept_and_the_program_s_own_wins() -> None:
    assert name_of(GROUP.token, "app", old={"name": "app-0123456"}) == {"name": "app-0123456"}
    assert name_of(GROUP.token, "app", {"name": "/tmi"}, {"name": "app-0123456"}) == {"name": "/tmi"}
    assert name_of(GROUP.token, "app", {"namePrefix": "tmi-"}) == {"namePrefix": "tmi-"}


@pytest.mark.parametrize(
    ("token", "property_", "pattern"),
    [
        ("aws:rds/subnetGroup:SubnetGroup", "name", r"data-[0-9a-f]{7}"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId", r"data-[0-9a-f]{7}"),
        ("aws:kms/alias:Alias", "name", r"alias/Data-[0-9a-f]{7}"),
        ("aws:s3/bucket:Bucket", "bucket", r"data-[0-9a-f]{7}"),
    ],
)
def test_each_service_has_its_own_form(token: str, property_: str, pattern: str) -> None:
    assert re.fullmatch(pattern, str(name_of(token, "Data")[property_]))


def test_types_whose_provider_makes_no_name_up_get_none() -> None:
    assert name_of("aws:ec2/vpc:Vpc", "net") == {}
    assert name_of("aws:rds/instance:Instance", "main") == {}
    assert name_of("aws:route53/record:Record", "www") == {}


def test_a_name_is_never_shortened() -> None:
    name_of("aws:lb/loadBalancer:LoadBalancer", "a" * 24)
    with pytest.raises(
        NameTooLongError, match="exceed the 32 that name may have: shorten the logical name or set name"
    ):
        name_of("aws:lb/loadBalancer:LoadBalancer", "a" * 25)


def test_a_made_up_name_is_told_from_a_chosen_one() -> None:
    assert is_made_up(GROUP, "app", name_of(GROUP.token, "app"))
    assert not is_made_up(GROUP, "app", {"name": "app-staging"})


def test_the_tables_name_real_properties() -> None:
    for token, rule in AUTO_NAMES.items():
        assert rule.property in resource_type(token).inputs.types, token
        assert auto_name_of(resource_type(token)) == rule
    for token, names in UNIQUE_NAMES.items():
        assert set(names) <= set(resource_type(token).inputs.types), token


def test_unique_names_are_of_a_region_unless_the_service_is_global() -> None:
    def resource(token: str, **inputs: str) -> Resource:
        return Resource(urn=f"urn:pulumi:dev::tmi::{token}::x", inputs={**inputs}, outputs={"region": "eu-west-1"})

    assert unique_name(resource("aws:iam/role:Role", name="a")) == (("name", "a"),)
    assert unique_name(resource(GROUP.token, name="a")) == (("name", "a"), ("region", "eu-west-1"))
    assert unique_name(resource("aws:ec2/vpc:Vpc")) is None
    assert unique_name(Resource(urn=f"urn:pulumi:dev::tmi::{GROUP.token}::x", inputs={"name": UNKNOWN})) is None
