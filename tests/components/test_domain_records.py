"""The names of the front door: each in the zone where its users ask, and Amazon alone to certify it."""

from __future__ import annotations

import pulumi_aws as aws
import pytest

from tests.cloud import Cloud
from tests.front_door import DOMAINS, INTERNET_FACING, PUBLIC_ZONE, balancer, internal

CREATED = internal({"kind": "created"})
GIVEN = internal({"kind": "given", "zone_id": "Z00000000PRIVATE"})


def records(cloud: Cloud, kind: str) -> dict[str, dict[str, object]]:
    return {
        record.inputs["name"]: dict(record.inputs)
        for record in cloud.of(aws.route53.Record)
        if record.inputs["type"] == kind
    }


@pytest.mark.parametrize(
    ("scheme", "zones"),
    [
        (INTERNET_FACING, [PUBLIC_ZONE, PUBLIC_ZONE]),
        (CREATED, [f"load-balancer-names-{domain}-zone-zone-id" for domain in DOMAINS]),
        (GIVEN, ["Z00000000PRIVATE", "Z00000000PRIVATE"]),
    ],
    ids=["internet-facing", "created", "given"],
)
def test_every_name_points_to_the_balancer_where_its_users_ask(scheme: dict[str, object], zones: list[str]) -> None:
    cloud = balancer(scheme=scheme)
    alb = cloud.one(aws.lb.LoadBalancer).inputs
    aliases = records(cloud, "A")
    assert tuple(aliases) == DOMAINS
    assert [alias["zoneId"] for alias in aliases.values()] == zones
    for alias in aliases.values():
        assert alias["aliases"] == [{"name": alb["dnsName"], "zoneId": alb["zoneId"], "evaluateTargetHealth": True}]


@pytest.mark.parametrize("scheme", [INTERNET_FACING, CREATED, GIVEN], ids=["internet-facing", "created", "given"])
def test_what_authorities_ask_is_public_whoever_reaches_the_names(scheme: dict[str, object]) -> None:
    cloud = balancer(scheme=scheme)
    proofs, caa = records(cloud, "CNAME"), records(cloud, "CAA")
    assert tuple(proofs) == tuple(f"_validation.{domain}." for domain in DOMAINS)
    assert tuple(caa) == DOMAINS
    assert {record["zoneId"] for record in (*proofs.values(), *caa.values())} == {PUBLIC_ZONE}


def test_amazon_alone_may_certify_these_names() -> None:
    for caa in records(balancer(), "CAA").values():
        assert caa["records"] == ['0 issue "amazon.com"', '0 issuewild ";"']
        assert caa["ttl"] == 300


def test_others_may_too_where_the_stack_says_so() -> None:
    cloud = balancer(caa_record=False)
    assert set(records(cloud, "A")) == set(DOMAINS)
    assert records(cloud, "CAA") == {}


def test_nobody_is_sent_to_ipv6() -> None:
    assert {record.inputs["type"] for record in balancer().of(aws.route53.Record)} == {"A", "CAA", "CNAME"}


def test_a_private_zone_answers_for_one_name_in_the_vpc() -> None:
    cloud = balancer(scheme=CREATED)
    zones = cloud.of(aws.route53.Zone)
    assert [zone.inputs["name"] for zone in zones] == list(DOMAINS)
    for zone in zones:
        assert zone.inputs["vpcs"] == [{"vpcId": "vpc-1"}]
        assert zone.inputs["forceDestroy"] is False


def test_other_vpcs_keep_their_association_with_it() -> None:
    for zone in balancer(scheme=CREATED).of(aws.route53.Zone):
        assert list(zone.request.ignoreChanges) == ["vpcs"]


@pytest.mark.parametrize("scheme", [INTERNET_FACING, GIVEN], ids=["internet-facing", "given"])
def test_no_zone_is_made_where_there_is_one(scheme: dict[str, object]) -> None:
    types = {resource.type for resource in balancer(scheme=scheme).resources}
    assert "aws:route53/record:Record" in types
    assert "aws:route53/zone:Zone" not in types


def test_the_same_records_are_declared_before_acm_has_named_them() -> None:
    def names(cloud: Cloud) -> list[str]:
        return sorted(declared.name for declared in cloud.of(aws.route53.Record))

    assert names(balancer(preview=True)) == names(balancer())


@pytest.mark.parametrize("takes_over", [True, False])
def test_a_recovery_writes_above_the_records_of_the_lost_stack(takes_over: bool) -> None:  # noqa: FBT001 -- a column
    cloud = balancer(takes_over=takes_over)
    found = [*records(cloud, "A").values(), *records(cloud, "CAA").values()]
    assert len(found) == 4
    assert {record["allowOverwrite"] for record in found} == {takes_over}
