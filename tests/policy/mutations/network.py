"""Changes that break the rules of the network."""

from __future__ import annotations

from typing import Final

from policy.graph import Graph, Resource
from policy.network.security_groups import SECURITY_GROUP
from policy.rules.network.vpc import SUBNET, SUBNET_GROUPS
from policy.values import Plain, elements
from tests.policy.mutations.changing import Mutation, first, gone, referring_to, setting, with_property, without

_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_DOMAINS: Final = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"
_FIREWALL_ASSOCIATION: Final = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation"
_FIREWALL_RULE: Final = "aws:route53/resolverFirewallRule:ResolverFirewallRule"


def _no_default_group(graph: Graph) -> Graph:
    return without(graph, first(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"))


def _default_route(graph: Graph) -> Graph:
    out = first(graph, "aws:ec2/route:Route")
    return referring_to(graph, out, "routeTableId", first(graph, "aws:ec2/vpc:Vpc"))


def _edge_subnets(graph: Graph) -> list[Resource]:
    return graph.references(first(graph, "aws:lb/loadBalancer:LoadBalancer"), "subnets", {SUBNET})


def _public_addresses(graph: Graph) -> Graph:
    return with_property(graph, _edge_subnets(graph)[0], "mapPublicIpOnLaunch", value=True)


def _seldom_recorded(graph: Graph) -> Graph:
    return with_property(graph, first(graph, "aws:ec2/flowLog:FlowLog"), "maxAggregationInterval", 600)


def _one_zone(graph: Graph) -> Graph:
    for subnet in _edge_subnets(graph):
        graph = with_property(graph, subnet, "availabilityZone", "eu-west-1a")
    return graph


def _s3_by_internet(graph: Graph) -> Graph:
    return without(graph, first(graph, _ENDPOINT, vpcEndpointType="Gateway"))


def _keys_by_internet(graph: Graph) -> Graph:
    found = [each for each in graph.of_type(_ENDPOINT) if str(each.get("serviceName")).endswith(".kms")]
    assert found, "the graph holds no endpoint of KMS"
    return without(graph, found[0])


def _public_names(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _ENDPOINT, vpcEndpointType="Interface"), "privateDnsEnabled", value=False)


def _any_account(graph: Graph) -> Graph:
    statement: Plain = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    document: Plain = {"Version": "2012-10-17", "Statement": [statement]}
    return with_property(graph, first(graph, _ENDPOINT, vpcEndpointType="Gateway"), "policy", document)


def _unheard(graph: Graph) -> Graph:
    association = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"
    return without(graph, first(graph, association))


def _open_end(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _FIREWALL_RULE, action="BLOCK"), "action", "ALERT")


def _other_order(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _FIREWALL_RULE, action="ALLOW"), "priority", 9000)


def _every_name_allowed(graph: Graph) -> Graph:
    allow = first(graph, _FIREWALL_RULE, action="ALLOW")
    (names,) = graph.references(allow, "firewallDomainListId", {_DOMAINS})
    return with_property(graph, names, "domains", ["*"])


def _unknown_destination(graph: Graph) -> Graph:
    log = first(graph, "aws:ec2/flowLog:FlowLog")
    return referring_to(graph, log, "logDestination")


def _foreign_subnet(graph: Graph) -> Graph:
    group = first(graph, *SUBNET_GROUPS)
    return with_property(graph, group, "subnetIds", [*elements(group.get("subnetIds")), "subnet-elsewhere"])


NETWORK: Final = (
    Mutation("groups-described", "a group says nothing", setting(SECURITY_GROUP, "description", to=None)),
    Mutation(
        "groups-described",
        "a rule says nothing",
        setting("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "description", to=""),
    ),
    Mutation("vpc-traffic-recorded", "traffic is recorded in a group that nobody declares", _unknown_destination),
    Mutation("data-subnets-no-way-out", "data stands in a subnet of another stack", _foreign_subnet),
    Mutation("names-refused-at-last", "the allow list holds every name", _every_name_allowed),
    Mutation("names-refused-at-last", "no VPC has the firewall", gone(_FIREWALL_ASSOCIATION)),
    Mutation("vpc-defaults-empty", "nobody adopts the default group", _no_default_group),
    Mutation("vpc-defaults-empty", "the default route table leads out", _default_route),
    Mutation("subnets-no-public-addresses", "the edge gives public addresses", _public_addresses),
    Mutation("vpc-traffic-recorded", "traffic is recorded every ten minutes", _seldom_recorded),
    Mutation("tiers-in-two-zones", "the edge stands in one zone", _one_zone, frozenset({"zones-leave-alone"})),
    Mutation("workloads-reach-s3-inside", "S3 has no endpoint", _s3_by_internet),
    Mutation("workloads-call-aws-inside", "KMS has no endpoint", _keys_by_internet),
    Mutation("endpoints-narrow", "an endpoint has no private name", _public_names),
    Mutation("endpoints-narrow", "an endpoint lets everything through", _any_account),
    Mutation("name-queries-recorded", "nobody hears which names are asked for", _unheard),
    Mutation("names-refused-at-last", "the last rule lets names through", _open_end),
    Mutation("names-refused-at-last", "the allow list is asked last", _other_order),
)
