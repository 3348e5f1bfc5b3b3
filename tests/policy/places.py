"""A small stack made by hand: an edge, nodes and pods, a canary and one database, with a lock in each layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.graph import Resource
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import HUB, NAMESPACE, POD, deployment, named

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
IN: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

VPC: Final = resource("aws:ec2/vpc:Vpc", "network")
EDGE, APP, STORES = (
    resource("aws:ec2/subnet:Subnet", name, {"cidrBlock": f"10.0.{place}.0/24"}, vpcId=VPC)
    for place, name in enumerate(("edge", "app", "stores"))
)
TABLES: Final = tuple(resource("aws:ec2/routeTable:RouteTable", each.name, vpcId=VPC) for each in (EDGE, APP, STORES))
GATEWAY: Final = resource("aws:ec2/internetGateway:InternetGateway", "gateway", vpcId=VPC)
ACL: Final = resource("aws:ec2/networkAcl:NetworkAcl", "stores", vpcId=VPC)
ALB, PODS, NODES, TRIES, DATA = (
    resource(GROUP, name, {"id": f"sg-{name}"}) for name in ("alb", "pods", "nodes", "tries", "data")
)
SPEC: Final[Mapping[str, Plain]] = {
    "securityGroupSelectorTerms": [{"id": "sg-nodes"}],
    "podSecurityGroupSelectorTerms": [{"id": "sg-pods"}],
}
BALANCER: Final = resource("aws:lb/loadBalancer:LoadBalancer", "alb", subnets=EDGE, securityGroups=ALB)
LISTENER: Final = resource("aws:lb/listener:Listener", "https", {"port": 443}, loadBalancerArn=BALANCER)
CLASS: Final = resource("kubernetes:eks.amazonaws.com/v1:NodeClass", "class", {"spec": SPEC}, spec=[APP, NODES, PODS])
CANARY: Final = resource("aws:synthetics/canary:Canary", "tries", {"vpcConfig": UNKNOWN}, vpcConfig=[APP, TRIES])
SUBNET_GROUP: Final = resource("aws:rds/subnetGroup:SubnetGroup", "stores", subnetIds=STORES)
STORE: Final = resource(
    "aws:rds/instance:Instance", "main", {"port": 5432}, dbSubnetGroupName=SUBNET_GROUP, vpcSecurityGroupIds=DATA
)
HUBS: Final = deployment(HUB, {**POD, "containers": [{"name": "tmi", "ports": [{"containerPort": 8443}]}]}, "hub")
POLICY: Final = resource(
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "hub",
    {
        **named("hub"),
        "spec": {
            "podSelector": {},
            "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": [{"port": 8443}]}],
            "egress": [{"to": [{"ipBlock": {"cidr": "10.0.2.0/24"}}], "ports": [{"port": 5432}]}],
        },
    },
)


def door(token: str, own: Resource, other: Resource | str, port: int) -> Resource:
    """A rule of a group about another, or about a range."""
    known: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": port, "toPort": port}
    name = f"{own.name}-{other if isinstance(other, str) else other.name}-{port}"
    if isinstance(other, str):
        return resource(token, name, {**known, "cidrIpv4": other}, securityGroupId=own)
    known["referencedSecurityGroupId"] = UNKNOWN
    return resource(token, name, known, securityGroupId=own, referencedSecurityGroupId=other)


def connection(source: Resource, target: Resource, port: int) -> tuple[Resource, Resource]:
    """The rules at both ends."""
    return door(OUT, source, target, port), door(IN, target, source, port)


def acl_rule(cidr: str, port: int = 5432, *, number: int = 10, acl: Resource = ACL) -> tuple[Resource, Resource]:
    """A request that an ACL lets in, and the answers that it lets out."""
    allow: dict[str, Plain] = {"ruleNumber": number, "ruleAction": "allow", "protocol": "tcp", "cidrBlock": cidr}
    token, name = "aws:ec2/networkAclRule:NetworkAclRule", f"{acl.name}-{number}"
    inward: dict[str, Plain] = {**allow, "fromPort": port, "toPort": port}
    outward: dict[str, Plain] = {**allow, "egress": True, "fromPort": 1024, "toPort": 65535}
    return (
        resource(token, f"{name}-in", inward, networkAclId=acl),
        resource(token, f"{name}-out", outward, networkAclId=acl),
    )


def route(table: Resource) -> Resource:
    """A route to the internet gateway."""
    known: dict[str, Plain] = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}
    return resource("aws:ec2/route:Route", f"{table.name}-out", known, routeTableId=table, gatewayId=GATEWAY)


STACK: Final = (
    *(VPC, EDGE, APP, STORES, *TABLES, GATEWAY, ACL, ALB, PODS, NODES, TRIES, DATA),
    *(
        resource("aws:ec2/routeTableAssociation:RouteTableAssociation", each.name, subnetId=each, routeTableId=table)
        for each, table in zip((EDGE, APP, STORES), TABLES, strict=True)
    ),
    resource("aws:ec2/networkAclAssociation:NetworkAclAssociation", "stores", subnetId=STORES, networkAclId=ACL),
    *acl_rule("10.0.1.0/24"),
    *(BALANCER, LISTENER, CLASS, CANARY, SUBNET_GROUP, STORE, NAMESPACE, HUBS, POLICY),
    *(door(IN, ALB, "0.0.0.0/0", 443), route(TABLES[0])),
    *connection(ALB, PODS, 8443),
    *connection(PODS, DATA, 5432),
)
"""Sound: the internet reaches the balancer, that the hub, and that the database."""
