"""Whatever network the stack file names: nothing of the stack is anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import cast

import pytest

from components.address_plan import AddressPlan
from tests.stack_files import changed
from tests.stacks.program import record

ZONES = ("eu-west-1a", "eu-west-1b")
NETWORK_OR_ADDRESS = re.compile(r"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?(?![\w-]|\.[0-9])")
ELSEWHERE = {
    "0.0.0.0/0",  # the internet
    "203.0.113.0/24",  # who may reach the Kubernetes API, by the stack file
    "127.0.0.1",
    "127.0.0.0/8",
    "169.254.170.23/32",  # the agent of EKS Pod Identity, on every node
    # What TMI's pods may not reach on the internet, because it is not the internet.
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("224.0.0.0/4", "240.0.0.0/4"),
}
"""What a stack may name outside its VPC, besides the addresses of Kubernetes Services."""


def texts(value: object) -> Iterator[str]:
    """Every text in a resource's inputs, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from texts(inner)


@pytest.mark.parametrize(
    ("cidr", "services"),
    [
        ("10.64.0.0/16", "172.20.0.0/16"),
        ("172.20.0.0/16", "10.100.0.0/16"),
        ("10.64.64.0/18", "172.20.0.0/16"),
        ("172.20.128.0/18", "10.100.0.0/16"),
        ("192.168.0.0/16", "172.20.0.0/16"),
    ],
)
def test_a_stack_stays_inside_its_network(cidr: str, services: str) -> None:
    vpc = IPv4Network(cidr)
    named = {
        match
        for resource in record(changed("dev", network__cidr=cidr), stack="dev").resources
        for text in texts(resource.inputs)
        for match in NETWORK_OR_ADDRESS.findall(text)
    }
    assert {cidr, *map(str, AddressPlan.of(cidr, ZONES).app.values())} <= named
    outside = {match for match in named if not IPv4Network(match).subnet_of(vpc)} - ELSEWHERE
    dns, api = (f"{IPv4Network(services)[host]}/32" for host in (10, 1))
    assert outside == {services, dns, api}
