"""Network ACLs are evaluated as AWS does it: packet by packet, against a model that knows nothing of ranges."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.graph import Graph, Resource
from policy.network.acls import entries, exchange, passes
from policy.network.verdicts import Verdict
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource

VPC = resource("aws:ec2/vpc:Vpc", "network")
ACL = resource("aws:ec2/networkAcl:NetworkAcl", "acl")
DEFAULT = resource("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "default", defaultNetworkAclId=VPC)
SUBNET = resource("aws:ec2/subnet:Subnet", "subnet", vpcId=VPC)
GIVEN = resource("aws:ec2/networkAclAssociation:NetworkAclAssociation", "given", subnetId=SUBNET, networkAclId=ACL)
RULE = "aws:ec2/networkAclRule:NetworkAclRule"
PEER = ip_network("10.0.0.0/24")


@dataclass(frozen=True)
class Written:
    """A rule as people write it."""

    number: int
    denies: bool
    cidr: str
    protocol: str
    first: int
    last: int

    def standalone(self) -> Resource:
        return resource(
            RULE,
            f"rule-{self.number}",
            {
                "ruleNumber": self.number,
                "ruleAction": "deny" if self.denies else "allow",
                "cidrBlock": self.cidr,
                "protocol": self.protocol,
                "fromPort": self.first,
                "toPort": self.last,
            },
            networkAclId=ACL,
        )

    def matches(self, address: IPv4Address, port: int) -> bool:
        every = self.protocol == "-1"
        carried = every or (self.protocol in ("tcp", "6") and self.first <= port <= self.last)
        return carried and address in IPv4Network(self.cidr)


def admitted(written: list[Written], address: IPv4Address, port: int) -> bool:
    """One packet against the rules by number: the first that matches decides, and none refuses."""
    for rule in sorted(written, key=lambda each: each.number):
        if rule.matches(address, port):
            return not rule.denies
    return False


CIDRS = ("0.0.0.0/0", "10.0.0.0/24", "10.0.0.0/30", "10.0.0.2/31", "10.0.0.3/32", "10.1.0.0/16", "10.0.0.0/31")
RULES = st.lists(
    st.builds(
        Written,
        number=st.integers(1, 99),
        denies=st.booleans(),
        cidr=st.sampled_from(CIDRS),
        protocol=st.sampled_from(("tcp", "6", "-1", "udp", "icmp")),
        first=st.integers(1, 6),
        last=st.integers(1, 6),
    ),
    max_size=6,
    unique_by=lambda each: each.number,
)


@given(written=RULES, first=st.integers(1, 6), span=st.integers(0, 3))
def test_ranges_come_to_what_their_packets_come_to(written: list[Written], first: int, span: int) -> None:
    peers, last = IPv4Network("10.0.0.0/30"), first + span
    graph = Graph.of(ACL, *(each.standalone() for each in written))
    packets = [admitted(written, address, port) for address in peers for port in range(first, last + 1)]
    found = passes(entries(graph, ACL), [peers], (first, last))
    assert found is (Verdict.OPEN if any(packets) else Verdict.CLOSED)


def rule(number: Plain = 10, action: Plain = "allow", *, egress: bool = False, **more: Plain) -> Resource:
    properties: dict[str, Plain] = {
        "ruleNumber": number,
        "ruleAction": action,
        "egress": egress,
        "cidrBlock": "10.0.0.0/24",
        "protocol": "tcp",
        "fromPort": 5432,
        "toPort": 5432,
        **more,
    }
    return resource(RULE, f"{number}-{egress}", properties, networkAclId=ACL)


ANSWER = rule(egress=True, fromPort=1024, toPort=65535)


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ([], Verdict.OPEN),  # the default ACL, as AWS makes it, lets everything pass
        ([DEFAULT], Verdict.CLOSED),  # adopted and emptied
        ([GIVEN, ACL], Verdict.CLOSED),
        ([GIVEN, ACL, rule()], Verdict.CLOSED),  # no answer comes back
        ([GIVEN, ACL, ANSWER], Verdict.CLOSED),
        ([GIVEN, ACL, rule(), ANSWER], Verdict.OPEN),
        ([GIVEN, ACL, rule(), ANSWER, rule(5, "deny", protocol="-1")], Verdict.CLOSED),
        ([GIVEN, ACL, rule(), ANSWER, rule(20, "deny", protocol="-1")], Verdict.OPEN),
        ([GIVEN, ACL, rule(), ANSWER, rule(5, "deny", cidrBlock="10.0.0.0/25")], Verdict.OPEN),
        ([GIVEN, ACL, rule(), ANSWER, rule(UNKNOWN, "deny")], Verdict.OPEN),  # it may come too late
        ([GIVEN, ACL, rule(), ANSWER, rule(5, "deny", cidrBlock=UNKNOWN)], Verdict.OPEN),
        ([GIVEN, ACL, rule(cidrBlock=UNKNOWN), ANSWER], Verdict.UNKNOWN),
        ([GIVEN, ACL, rule(protocol=UNKNOWN), ANSWER], Verdict.UNKNOWN),
        ([GIVEN, ACL, rule(fromPort="a\nb"), ANSWER], Verdict.UNKNOWN),
        ([GIVEN, ACL, rule(action=["allow"]), ANSWER], Verdict.OPEN),  # whatever is no denial
        ([GIVEN, ACL, rule(cidrBlock=None, ipv6CidrBlock="::/0"), ANSWER], Verdict.CLOSED),
        ([GIVEN, ACL, rule(cidrBlock="10.0.0.0/25", ipv6CidrBlock="::/0"), ANSWER], Verdict.OPEN),
        ([GIVEN, ACL, rule(protocol="udp"), ANSWER], Verdict.CLOSED),
        ([GIVEN, ACL, rule(protocol="-1", fromPort=0, toPort=0), ANSWER], Verdict.OPEN),  # its ports are not read
        ([GIVEN, ACL, rule(UNKNOWN), ANSWER, rule(5, "deny", protocol="-1")], Verdict.OPEN),
    ],
)
def test_a_connection_needs_its_request_and_its_answer(around: list[Resource], expected: Verdict) -> None:
    graph = Graph.of(VPC, SUBNET, *around)
    assert exchange(graph, SUBNET, [PEER], port=5432, outward=False) is expected


def test_the_other_direction_has_rules_of_its_own() -> None:
    graph = Graph.of(VPC, SUBNET, GIVEN, ACL, rule(), ANSWER)
    assert exchange(graph, SUBNET, [PEER], port=443, outward=True) is Verdict.CLOSED
    # Whoever opens it chooses the port that it comes from, be it 5432, so that the answers come in as requests do.
    assert exchange(graph, SUBNET, [PEER], port=5432, outward=True) is Verdict.OPEN


@pytest.mark.parametrize("holder", [ACL, DEFAULT], ids=["own", "default"])
def test_rules_within_an_acl_count(holder: Resource) -> None:
    entry: dict[str, Plain] = {"ruleNo": 10, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
    within = resource(holder.type, holder.name, {"ingress": [entry], "egress": [entry]}, defaultNetworkAclId=VPC)
    given_to = [resource(GIVEN.type, "given", subnetId=SUBNET, networkAclId=within)] if holder is ACL else []
    graph = Graph.of(VPC, SUBNET, within, *given_to)
    assert exchange(graph, SUBNET, [PEER], port=22, outward=False) is Verdict.OPEN
    closed = resource(holder.type, holder.name, {"ingress": [entry], "egress": []}, defaultNetworkAclId=VPC)
    graph = Graph.of(VPC, SUBNET, closed, *given_to)
    assert exchange(graph, SUBNET, [PEER], port=22, outward=False) is Verdict.CLOSED


def test_what_fills_the_default_acl_from_outside_counts() -> None:
    more = [
        resource(RULE, f"more-{way}", {**rule(protocol="-1").properties, "egress": way}, networkAclId=VPC)
        for way in (True, False)
    ]
    graph = Graph.of(VPC, SUBNET, DEFAULT, *more)
    assert exchange(graph, SUBNET, [PEER], port=22, outward=False) is Verdict.OPEN


def test_a_huge_acl_is_evaluated() -> None:
    denials = [rule(number, "deny", cidrBlock=f"10.0.0.{number}/32", protocol="-1") for number in range(250)]
    both_ways = [rule(9000, protocol="-1"), rule(9000, egress=True, protocol="-1")]
    graph = Graph.of(VPC, SUBNET, GIVEN, ACL, *both_ways, *denials)
    assert exchange(graph, SUBNET, [PEER], port=22, outward=False) is Verdict.OPEN
