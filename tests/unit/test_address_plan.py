"""Where subnets stand, and that they stay there."""

from __future__ import annotations

import dataclasses
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address_plan import AddressPlan, NetworkTier

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d")


def addresses(plan: AddressPlan) -> dict[str, list[str]]:
    return {tier.value: [str(subnet) for subnet in plan.tiers[tier].values()] for tier in NetworkTier}


def subnets(plan: AddressPlan) -> list[IPv4Network]:
    return [subnet for tier in plan.tiers.values() for subnet in tier.values()]


@st.composite
def plans(draw: st.DrawFn) -> AddressPlan:
    bits = draw(st.integers(16, 18))
    address = draw(st.integers(0, 2**bits - 1)) << (32 - bits)
    return AddressPlan.of(f"{IPv4Network((address, bits))}", ZONES[: draw(st.integers(2, 4))])


def test_the_subnets_of_a_16_in_three_zones() -> None:
    assert addresses(AddressPlan.of("10.65.0.0/16", ZONES[:3])) == {
        "edge": ["10.65.128.0/22", "10.65.132.0/22", "10.65.136.0/22"],
        "app": ["10.65.0.0/19", "10.65.32.0/19", "10.65.64.0/19"],
        "endpoints": ["10.65.144.0/22", "10.65.148.0/22", "10.65.152.0/22"],
        "data": ["10.65.160.0/22", "10.65.164.0/22", "10.65.168.0/22"],
    }


def test_the_subnets_of_an_18_in_two_zones() -> None:
    assert addresses(AddressPlan.of("172.20.64.0/18", ZONES[:2])) == {
        "edge": ["172.20.96.0/24", "172.20.97.0/24"],
        "app": ["172.20.64.0/21", "172.20.72.0/21"],
        "endpoints": ["172.20.100.0/24", "172.20.101.0/24"],
        "data": ["172.20.104.0/24", "172.20.105.0/24"],
    }


def test_the_block_of_a_tier_is_one_network() -> None:
    plan = AddressPlan.of("10.65.0.0/16", ZONES)
    assert {tier.value: str(plan.block(tier)) for tier in NetworkTier} == {
        "edge": "10.65.128.0/20",
        "app": "10.65.0.0/17",
        "endpoints": "10.65.144.0/20",
        "data": "10.65.160.0/20",
    }


@given(plans())
def test_subnets_are_in_the_vpc_and_apart(plan: AddressPlan) -> None:
    assert all(subnet.subnet_of(plan.vpc) for subnet in subnets(plan))
    assert not any(one.overlaps(other) for one, other in combinations(subnets(plan), 2))


@given(plans())
def test_a_block_holds_its_own_tier_alone(plan: AddressPlan) -> None:
    for tier in NetworkTier:
        inside = [subnet for subnet in subnets(plan) if subnet.overlaps(plan.block(tier))]
        assert inside == list(plan.tiers[tier].values())


@given(plans())
def test_a_zone_at_the_end_moves_nothing(plan: AddressPlan) -> None:
    grown = AddressPlan.of(str(plan.vpc), ZONES)
    for tier in NetworkTier:
        assert plan.tiers[tier].items() <= grown.tiers[tier].items()


@given(plans())
def test_services_stand_outside_the_vpc_in_a_range_of_eks(plan: AddressPlan) -> None:
    assert not plan.services.overlaps(plan.vpc)
    assert str(plan.services) in {"172.20.0.0/16", "10.100.0.0/16"}
    assert plan.cluster_dns in plan.services


@pytest.mark.parametrize(
    ("cidr", "services", "dns"),
    [
        ("10.64.0.0/16", "172.20.0.0/16", "172.20.0.10"),
        ("10.100.0.0/16", "172.20.0.0/16", "172.20.0.10"),
        ("172.20.0.0/16", "10.100.0.0/16", "10.100.0.10"),
        ("172.20.192.0/18", "10.100.0.0/16", "10.100.0.10"),
        ("172.21.0.0/16", "172.20.0.0/16", "172.20.0.10"),
    ],
)
def test_services_and_their_dns(cidr: str, services: str, dns: str) -> None:
    plan = AddressPlan.of(cidr, ZONES[:2])
    assert (str(plan.services), str(plan.cluster_dns)) == (services, dns)


@given(plans())
def test_the_tiers_leave_room_for_another(plan: AddressPlan) -> None:
    grown = AddressPlan.of(str(plan.vpc), ZONES)
    assert sum(subnet.num_addresses for subnet in subnets(grown)) <= plan.vpc.num_addresses * 11 // 16


def test_a_plan_cannot_be_changed() -> None:
    plan = AddressPlan.of("10.65.0.0/16", ZONES[:2])
    with pytest.raises(TypeError, match="does not support item assignment"):
        cast("dict[str, IPv4Network]", plan.app)["eu-west-1a"] = plan.vpc
    with pytest.raises(dataclasses.FrozenInstanceError):
        cast("Any", plan).vpc = IPv4Network("10.66.0.0/16")


def test_the_named_tiers_are_the_tiers() -> None:
    plan = AddressPlan.of("10.65.0.0/16", ZONES[:2])
    assert (plan.edge, plan.app, plan.endpoints, plan.data) == tuple(plan.tiers[tier] for tier in NetworkTier)


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/19"])
def test_a_vpc_of_another_size_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match=rf"^cidr must be a /16 to /18, not {cidr}$"):
        AddressPlan.of(cidr, ZONES)


@pytest.mark.parametrize("zones", [("a",), ("a", "a"), ("a", "b", "c", "d", "e")])
def test_other_numbers_of_zones_are_refused(zones: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"^zones must be 2 to 4 different zones, not a"):
        AddressPlan.of("10.0.0.0/16", zones)
