"""Names: which names a VPC resolves, and that its questions are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.tiers import for_development
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.network.vpc import VPC
from policy.values import elements, show

_QUERY_LOG: Final = "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig"
_QUERY_LOG_ASSOCIATION: Final = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"
_GROUP: Final = "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup"
_GROUP_ASSOCIATION: Final = "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation"
_CONFIG: Final = "aws:route53/resolverFirewallConfig:ResolverFirewallConfig"
_RULE: Final = "aws:route53/resolverFirewallRule:ResolverFirewallRule"
_DOMAINS: Final = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"


def queries_recorded(graph: Graph) -> Iterator[Violation]:
    """The questions of each VPC go to a query log of the stack, which has a destination."""
    for vpc in graph.of_type(VPC):
        associations = graph.referring(vpc, "resourceId", _QUERY_LOG_ASSOCIATION)
        if not any(graph.references(each, "resolverQueryLogConfigId", {_QUERY_LOG}) for each in associations):
            yield Violation(vpc, "no query log of this stack records which names it asks for")


def names_fail_closed(graph: Graph) -> Iterator[Violation]:
    """In production no name is resolved while the firewall that decides cannot be asked."""
    for association in graph.of_type(_GROUP_ASSOCIATION):
        if for_development(graph, association):
            continue
        for vpc in graph.references(association, "vpcId", {VPC}):
            settings = [each.get("firewallFailOpen") for each in graph.referring(vpc, "resourceId", _CONFIG)]
            if settings != ["DISABLED"]:  # absent: AWS's default, which is closed, but anybody may have changed it
                yield Violation(vpc, "one ResolverFirewallConfig must give it firewallFailOpen DISABLED")


def names_refused_at_last(graph: Graph) -> Iterator[Violation]:
    """In a stack with a DNS firewall each VPC has it, and each list of names ends by blocking every other."""
    for vpc in graph.of_type(VPC) if graph.of_type(_GROUP) else ():
        if not graph.referring(vpc, "vpcId", _GROUP_ASSOCIATION):
            yield Violation(vpc, "no rule group of the stack's DNS firewall is associated with it")
    for association in graph.of_type(_GROUP_ASSOCIATION):
        groups = graph.references(association, "firewallRuleGroupId", {_GROUP})
        if not groups:
            yield Violation(association, "firewallRuleGroupId must be a rule group of this stack")
        if not graph.named(association, "vpcId", {VPC}):
            yield Violation(association, "vpcId must be a VPC of this stack")
        for group in groups:
            yield from _open_end(graph, group)


def _open_end(graph: Graph, group: Resource) -> Iterator[Violation]:
    ranked = [
        (priority, rule)
        for rule in graph.referring(group, "firewallRuleGroupId", _RULE)
        if isinstance(priority := rule.get("priority"), int)
    ]
    if not ranked:
        yield Violation(group, "no rule of it has a known priority")
        return
    _, last = max(ranked, key=lambda each: each[0])  # the lowest number is asked first
    for _, rule in ranked:
        if rule == last:
            continue
        lists = graph.named(rule, "firewallDomainListId", {_DOMAINS})
        if rule.get("action") != "BLOCK" and (not lists or any("*" in elements(each.get("domains")) for each in lists)):
            yield Violation(rule, "it lets names through, so its domain list must be of this stack, and not hold *")
    if last.get("action") != "BLOCK":
        yield Violation(
            last, f"it is the last of {group.name}, and its action is {show(last.get('action'))}, not BLOCK"
        )
    lists = graph.references(last, "firewallDomainListId", {_DOMAINS})
    if not any("*" in elements(each.get("domains")) for each in lists):
        yield Violation(last, f"it is the last of {group.name}, and its domain list does not hold *, every name")


QUERIES_RECORDED: Final = GraphRule(
    about=Description(
        id="name-queries-recorded",
        title="The names that each VPC asks for are recorded",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC04",),
        why="Data leaves by names too, and flow logs do not show queries to the VPC's resolver.",
        remediation="Associate a ResolverQueryLogConfig of the stack with the VPC.",
    ),
    check=queries_recorded,
)
NAMES_REFUSED_AT_LAST: Final = GraphRule(
    about=Description(
        id="names-refused-at-last",
        title="A DNS firewall serves each VPC and ends by blocking every name",
        severity=Severity.HIGH,
        frameworks=("WA SEC05",),
        why="What no rule names is let through, so an allow list without an end allows everything.",
        remediation="Associate the rule group with each VPC, and let the rule of the highest priority number BLOCK a "
        "domain list that holds *, which no other list does.",
    ),
    check=names_refused_at_last,
)
NAMES_FAIL_CLOSED: Final = GraphRule(
    about=Description(
        id="names-fail-closed",
        title="Production resolves no name that its DNS firewall has not seen",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC05",),
        why="A firewall that lets through what it cannot judge is open whenever somebody keeps it busy.",
        remediation="Declare a ResolverFirewallConfig with firewallFailOpen DISABLED for the VPC.",
    ),
    check=names_fail_closed,
)
