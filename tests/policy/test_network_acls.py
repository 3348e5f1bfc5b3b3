"""Network ACLs before the data."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.network.acls import DATA_BEHIND_ACLS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

ACL = resource("aws:ec2/networkAcl:NetworkAcl", "data")
SUBNET = resource("aws:ec2/subnet:Subnet", "data-a", {"cidrBlock": "10.0.20.0/24"})
GROUP = resource("aws:rds/subnetGroup:SubnetGroup", "database", subnetIds=SUBNET)
ASSOCIATION = resource("aws:ec2/networkAclAssociation:NetworkAclAssociation", "it", subnetId=SUBNET, networkAclId=ACL)
FRONT = resource("aws:ec2/subnet:Subnet", "edge-a", {"cidrBlock": "10.0.0.0/24"})
BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "front", subnets=FRONT)
AROUND = (GROUP, SUBNET, ASSOCIATION, ACL, FRONT, BALANCER)
GOOD: dict[str, Plain] = {
    "cidrBlock": "10.0.10.0/24",
    "protocol": "tcp",
    "fromPort": 5432,
    "toPort": 5432,
    "ruleAction": "allow",
}
STANDS = "data stands before data, and "
EDGE = "where a load balancer stands; name the range of the pods"
PORTS = "admit tcp 5432 or 6379 alone"


def rule(properties: dict[str, Plain]) -> Resource:
    return resource("aws:ec2/networkAclRule:NetworkAclRule", "rule", properties, networkAclId=ACL)


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, []),
        ({"fromPort": 6379, "toPort": 6379}, []),
        ({"protocol": "6"}, []),
        ({"egress": False}, []),
        ({"egress": UNKNOWN}, []),
        ({"cidrBlock": "0.0.0.0/0"}, ["admits 0.0.0.0/0; name a range of the network"]),
        ({"cidrBlock": UNKNOWN}, ["admits unknown until it is deployed; name a range of the network"]),
        ({"cidrBlock": None}, ["admits absent; name a range of the network"]),
        ({"cidrBlock": "x\ny"}, ["admits another text; name a range of the network"]),
        ({"ipv6CidrBlock": "::/0"}, ["admits ::/0; name a range of the network"]),
        ({"ipv6CidrBlock": UNKNOWN}, ["admits unknown until it is deployed; name a range of the network"]),
        ({"ipv6CidrBlock": ""}, []),
        (
            {"cidrBlock": "10.0.0.0/16"},
            [f"admits 10.0.0.0/16, {EDGE}"],
        ),
        (
            {"cidrBlock": "10.0.0.0/25"},
            [f"admits 10.0.0.0/25, {EDGE}"],
        ),
        ({"protocol": "-1"}, [f"admits -1 5432-5432; {PORTS}"]),
        ({"protocol": UNKNOWN}, [f"admits unknown until it is deployed 5432-5432; {PORTS}"]),
        ({"fromPort": 22, "toPort": 22}, [f"admits tcp 22-22; {PORTS}"]),
        ({"fromPort": 0, "toPort": 65535}, [f"admits tcp 0-65535; {PORTS}"]),
        ({"fromPort": None}, [f"admits tcp absent-5432; {PORTS}"]),
        ({"ruleAction": "deny", "cidrBlock": "0.0.0.0/0"}, []),
        ({"ruleAction": UNKNOWN, "cidrBlock": "0.0.0.0/0"}, ["admits 0.0.0.0/0; name a range of the network"]),
        ({"egress": True, "fromPort": 1024, "toPort": 65535}, []),
        ({"egress": True, "cidrBlock": "0.0.0.0/0"}, ["lets out to 0.0.0.0/0; name a range of the network"]),
    ],
)
def test_an_acl_before_data_admits_the_pods_alone(changed: dict[str, Plain], faults: list[str]) -> None:
    expected = [("rule", f"{STANDS}{fault}") for fault in faults]
    assert violations(DATA_BEHIND_ACLS, *AROUND, rule(GOOD | changed)) == expected


@pytest.mark.parametrize("name", ["ingress", "egress"])
def test_rules_within_the_acl_count(name: str) -> None:
    entry: dict[str, Plain] = {**GOOD, "cidrBlock": "0.0.0.0/0", "action": "allow"}
    acl = resource(ACL.type, ACL.name, {name: [entry, {**entry, "action": "deny"}]})
    way = "admits" if name == "ingress" else "lets out to"
    expected = [("data", f"{STANDS}{way} 0.0.0.0/0; name a range of the network")]
    assert violations(DATA_BEHIND_ACLS, GROUP, SUBNET, ASSOCIATION, acl) == expected


def test_an_acl_may_name_its_subnets_itself() -> None:
    acl = resource(ACL.type, ACL.name, subnetIds=SUBNET)
    assert violations(DATA_BEHIND_ACLS, GROUP, SUBNET, acl, rule(GOOD)) == []


def test_the_default_acl_is_no_lock() -> None:
    message = "it holds data, and the network's default ACL applies to it"
    assert violations(DATA_BEHIND_ACLS, GROUP, SUBNET, ACL, rule(GOOD)) == [("data-a", message)]


def test_acls_before_anything_else_are_none_of_its_business() -> None:
    open_to_all = rule(GOOD | {"cidrBlock": "0.0.0.0/0"})
    elsewhere = resource(ASSOCIATION.type, "it", subnetId=FRONT, networkAclId=ACL)
    assert violations(DATA_BEHIND_ACLS, FRONT, BALANCER, elsewhere, ACL, open_to_all) == []
