"""Changes that break the rules of subnets, of names and of health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from policy.graph import Graph, Resource
from policy.values import present
from tests.policy.mutations.changing import Mutation, first, referring_to, setting, without

_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_RECORD: Final = "aws:route53/record:Record"
_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
_TARGETS: Final = "aws:lb/targetGroup:TargetGroup"


def _of_the_edge(token: str) -> Callable[[Graph], Graph]:
    """What associates something with the first subnet of the balancer is gone."""

    def apply(graph: Graph) -> Graph:
        subnet = graph.references(first(graph, _BALANCER), "subnets", {"aws:ec2/subnet:Subnet"})[0]
        return without(graph, graph.referring(subnet, "subnetId", token)[0])

    return apply


def _no_gateway(graph: Graph) -> Graph:
    routes = [each for each in graph.of_type("aws:ec2/route:Route") if present(each.get("natGatewayId"))]
    assert routes, "nothing leaves by a NAT gateway"
    return referring_to(graph, routes[0], "natGatewayId")


def _for_everybody(rule: Resource) -> bool:
    return (rule.get("cidrBlock"), rule.get("toPort")) == ("0.0.0.0/0", 443)


def _is_alias(record: Resource) -> bool:
    return present(record.get("aliases"))


def _is_caa(record: Resource) -> bool:
    return record.get("type") == "CAA"


SUBNETS: Final = (
    Mutation(
        "subnets-apart",
        "a subnet falls back on the default ACL",
        _of_the_edge("aws:ec2/networkAclAssociation:NetworkAclAssociation"),
    ),
    Mutation(
        "subnets-apart",
        "a subnet falls back on the main route table",
        _of_the_edge("aws:ec2/routeTableAssociation:RouteTableAssociation"),
    ),
    Mutation(
        "acls-narrow", "an ACL lets every protocol pass", setting(_ACL_RULE, "protocol", to="-1", where=_for_everybody)
    ),
    Mutation("acls-narrow", "an ACL opens SSH", setting(_ACL_RULE, "fromPort", to=22, where=_for_everybody)),
    Mutation("zones-leave-alone", "a zone has no gateway of its own", _no_gateway),
    Mutation(
        "names-resolve-inside", "a VPC resolves no name", setting("aws:ec2/vpc:Vpc", "enableDnsSupport", to=False)
    ),
    Mutation("targets-checked", "nobody asks a target", setting(_TARGETS, "healthCheck", "enabled", to=False)),
    Mutation("targets-checked", "an error counts as well", setting(_TARGETS, "healthCheck", "matcher", to="200-499")),
    Mutation(
        "health-checks-ask-by-tls",
        "a health check is content with an open port",
        setting("aws:route53/healthCheck:HealthCheck", "type", to="TCP"),
    ),
    Mutation(
        "names-follow-health",
        "a name leads to a balancer that is down",
        setting(_RECORD, "aliases", "0", "evaluateTargetHealth", to=False, where=_is_alias),
    ),
    Mutation(
        "certificates-renewable",
        "a CAA record keeps Amazon out",
        setting(_RECORD, "records", to=['0 issue "ca.example.com"'], where=_is_caa),
    ),
)
