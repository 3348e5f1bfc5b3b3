"""The firewall's table, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pulumi_aws as aws
import pytest

from components.firewall import GROUPS, RULES, Firewall, FirewallArgs, Peer, Rule
from tests.cloud import Cloud, run

EVERYBODY = ("0.0.0.0/0",)


def firewall(client_cidrs: tuple[str, ...] = EVERYBODY, *, endpoints: bool = True, canary: bool = True) -> Cloud:
    args = FirewallArgs(
        stack_name="tmi-dev", vpc_id="vpc-1", client_cidrs=client_cidrs, endpoints=endpoints, canary=canary
    )
    return run(lambda: Firewall("firewall", args))


def role(inputs: dict[str, Any], key: str) -> str:
    group = inputs.get(key)
    if group is None:
        assert inputs["cidrIpv4"] == "0.0.0.0/0"
        return "internet"
    return str(group).removeprefix("firewall-").removesuffix("-id")


def edges(cloud: Cloud) -> tuple[set[tuple[str, str, int]], set[tuple[str, str, int]]]:
    ingress = {
        (role(dict(r.inputs), "referencedSecurityGroupId"), role(dict(r.inputs), "securityGroupId"), r.inputs["toPort"])
        for r in cloud.of(aws.vpc.SecurityGroupIngressRule)
    }
    egress = {
        (role(dict(r.inputs), "securityGroupId"), role(dict(r.inputs), "referencedSecurityGroupId"), r.inputs["toPort"])
        for r in cloud.of(aws.vpc.SecurityGroupEgressRule)
    }
    return ingress, egress


EXPECTED = {
    ("internet", "alb", 443),
    ("internet", "alb", 80),
    ("alb", "pods", 8443),
    ("pods", "database", 5432),
    ("pods", "cache", 6379),
    ("pods", "endpoints", 443),
    ("pods", "internet", 443),
    ("pods", "control-plane", 443),
    ("pods", "nodes", 10250),
    ("nodes", "control-plane", 443),
    ("nodes", "endpoints", 443),
    ("nodes", "internet", 443),
    ("canary", "alb", 443),
    ("canary", "endpoints", 443),
    ("canary", "internet", 443),
    ("control-plane", "nodes", 10250),
    ("control-plane", "pods", 10251),
    ("control-plane", "pods", 9443),
}


def test_exactly_these_ends_may_speak() -> None:
    ingress, egress = edges(firewall())
    assert ingress == {edge for edge in EXPECTED if edge[1] != "internet"}
    assert egress == {edge for edge in EXPECTED if edge[0] != "internet"}


def test_the_data_groups_open_no_connection() -> None:
    _, egress = edges(firewall())
    assert {source for source, _, _ in egress} == {"alb", "pods", "nodes", "control-plane", "canary"}


def test_the_data_groups_are_three_hops_from_the_internet() -> None:
    reached, hops = {"internet"}, 0
    while "database" not in reached:
        reached |= {target for source, target, _ in EXPECTED if source in reached}
        hops += 1
    assert hops == 3


def test_the_world_reaches_the_load_balancer_alone() -> None:
    ingress, _ = edges(firewall())
    assert {target for source, target, _ in ingress if source == "internet"} == {"alb"}


def test_the_clients_of_an_internal_balancer_are_the_listed_networks() -> None:
    cloud = firewall(("10.1.0.0/16", "192.168.7.0/24"))
    ranges = {
        (rule.name, rule.inputs["cidrIpv4"], rule.inputs["toPort"])
        for rule in cloud.of(aws.vpc.SecurityGroupIngressRule)
        if "cidrIpv4" in rule.inputs
    }
    assert ranges == {
        ("firewall-clients-to-alb-443-10.1.0.0-16-in", "10.1.0.0/16", 443),
        ("firewall-clients-to-alb-443-192.168.7.0-24-in", "192.168.7.0/24", 443),
        ("firewall-clients-to-alb-80-10.1.0.0-16-in", "10.1.0.0/16", 80),
        ("firewall-clients-to-alb-80-192.168.7.0-24-in", "192.168.7.0/24", 80),
    }


def test_a_network_more_moves_no_other_rule() -> None:
    def rules(cloud: Cloud) -> dict[str, Any]:
        return {rule.name: rule.inputs for rule in cloud.resources if rule.type.startswith("aws:vpc/")}

    few, more = rules(firewall(("10.2.0.0/16",))), rules(firewall(("10.1.0.0/16", "10.2.0.0/16")))
    assert few.items() <= more.items()
    assert len(more) == len(few) + 2


def test_the_most_networks_fit_into_a_group() -> None:
    cloud = firewall(tuple(f"10.{number}.0.0/16" for number in range(20)))
    groups = Counter(rule.inputs["securityGroupId"] for rule in cloud.of(aws.vpc.SecurityGroupIngressRule))
    assert groups["firewall-alb-id"] == 41  # and the canary
    assert max(groups.values()) <= 60  # AWS's quota of rules a group and direction


def test_every_rule_is_tcp_on_one_port_with_its_reason() -> None:
    cloud = firewall()
    reasons = {rule.why for rule in RULES}
    for rule in [*cloud.of(aws.vpc.SecurityGroupIngressRule), *cloud.of(aws.vpc.SecurityGroupEgressRule)]:
        assert rule.inputs["ipProtocol"] == "tcp"
        assert rule.inputs["fromPort"] == rule.inputs["toPort"]
        assert rule.inputs["description"] in reasons


def test_groups_have_no_rules_of_their_own() -> None:
    groups = firewall().of(aws.ec2.SecurityGroup)
    assert len(groups) == len(GROUPS)
    assert all(not {"ingress", "egress"} & group.inputs.keys() for group in groups)


def test_each_rule_stands_once() -> None:
    keys = [(rule.source, rule.target, rule.port) for rule in RULES]
    assert len(keys) == len(set(keys))


def test_every_group_is_handed_on() -> None:
    handed: dict[str, str] = {}

    def program() -> None:
        args = FirewallArgs(stack_name="tmi-dev", vpc_id="vpc-1", client_cidrs=EVERYBODY, endpoints=True, canary=True)
        for peer, group_id in Firewall("firewall", args).group_ids.items():
            group_id.apply(lambda known, peer=peer: handed.update({peer: known}))

    run(program)
    assert handed == {group: f"firewall-{group}-id" for group in GROUPS}


def test_without_endpoints_nothing_speaks_of_them() -> None:
    cloud = firewall(endpoints=False)
    assert [group.name for group in cloud.of(aws.ec2.SecurityGroup) if "endpoints" in group.name] == []
    assert edges(cloud)[1] == {edge for edge in EXPECTED if edge[0] != "internet" and "endpoints" not in edge}


def test_without_a_canary_nothing_speaks_of_it() -> None:
    cloud = firewall(canary=False)
    assert [group.name for group in cloud.of(aws.ec2.SecurityGroup) if "canary" in group.name] == []
    ingress, egress = edges(cloud)
    assert egress == {edge for edge in EXPECTED if edge[0] != "internet" and "canary" not in edge}
    assert ingress == {edge for edge in EXPECTED if edge[1] != "internet" and "canary" not in edge}


@pytest.mark.parametrize("why", ["", "TMI's pods", "pods -> database", "x" * 256])
def test_a_reason_that_aws_would_refuse_is_refused(why: str) -> None:
    with pytest.raises(ValueError, match=r"^why must be 1 to 255 characters that AWS accepts as a description, not "):
        Rule(Peer.PODS, Peer.DATABASE, 5432, why)


def test_a_rule_between_addresses_alone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^source must be clients or a group, not internet$"):
        Rule(Peer.INTERNET, Peer.ALB, 443, "Nobody")
    with pytest.raises(ValueError, match=r"^target must be internet or a group, not clients$"):
        Rule(Peer.ALB, Peer.CLIENTS, 443, "Nobody")


def test_a_port_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^port must be 1 to 65535, not 0$"):
        Rule(Peer.PODS, Peer.DATABASE, 0, "nothing")
