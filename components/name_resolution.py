"""Name resolution in the VPC: every lookup is logged, and with an allow list only known names are answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.delivered_log import DeliveredLog, DeliveredLogArgs
from components.log_sink import LogSink
from components.settings.network import AllowListEgress, Egress

_MOST_DOMAINS: Final = 1000
"""Domains that Resolver takes in one request. Source: Route 53 API reference, UpdateFirewallDomains."""
_ALLOW_PRIORITY: Final = 100
_BLOCK_PRIORITY: Final = 200
"""Rules are asked from the lowest number up, and the first that matches decides."""
_GROUP_PRIORITY: Final = 101
"""The place of the rule group among others of the VPC. 100 itself is refused as reserved, whatever the documentation
says. Source: hashicorp/terraform-provider-aws#43694."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameResolutionArgs:
    """What :class:`NameResolution` needs from its caller."""

    stack_name: str
    """Part of the log group's name, by which the key of logs knows it."""
    account: str
    """The stack's account."""
    region: str
    """The stack's region."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    egress: Egress
    """Whether names are filtered, and what happens while the filter is out of order."""
    domains: tuple[str, ...]
    """What may be looked up where names are filtered: a name, or `*.` and a domain for every name below it."""
    logs: LogSink
    """Encryption and retention of the queries."""

    def __post_init__(self) -> None:
        if isinstance(self.egress, AllowListEgress) and not 0 < len(self.domains) <= _MOST_DOMAINS:
            raise ValueError(f"domains must name 1 to {_MOST_DOMAINS} names that may be looked up")


class NameResolution(pulumi.ComponentResource):
    """Queries of the VPC in an encrypted log group: lookups are the one way out that flow logs do not show.

    With an allow list, a DNS Firewall answers no other name. It filters names, not addresses: decision 5.
    """

    TYPE: Final = "tmi:network:NameResolution"

    def __init__(self, name: str, args: NameResolutionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._log_queries(name, args)
        if isinstance(args.egress, AllowListEgress):
            self._filter_names(name, args, fail_closed=args.egress.fail_closed)
        self.register_outputs({})

    def _log_queries(self, name: str, args: NameResolutionArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        log = DeliveredLog(
            f"{name}-queries",
            DeliveredLogArgs(
                group_name=f"/aws/route53resolver/{args.stack_name}",
                account=args.account,
                region=args.region,
                logs=args.logs,
            ),
            child,
        )
        config = aws.route53.ResolverQueryLogConfig(
            f"{name}-query-log",
            destination_arn=log.group_arn,
            tags={"Name": args.stack_name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log]),
        )
        aws.route53.ResolverQueryLogConfigAssociation(
            f"{name}-query-log-vpc", resolver_query_log_config_id=config.id, resource_id=args.vpc_id, opts=child
        )

    def _filter_names(self, name: str, args: NameResolutionArgs, *, fail_closed: bool) -> None:
        """The filter: made whole before it is hung into the VPC, and taken out of it before it is taken apart."""
        child = pulumi.ResourceOptions(parent=self)
        tags = {"Name": args.stack_name}
        group = aws.route53.ResolverFirewallRuleGroup(f"{name}-rules", tags=tags, opts=child)
        allowed = aws.route53.ResolverFirewallRule(
            f"{name}-allow",
            firewall_rule_group_id=group.id,
            firewall_domain_list_id=self._domains(f"{name}-allowed", args.domains, tags),
            priority=_ALLOW_PRIORITY,
            action="ALLOW",
            # The chain of aliases behind an allowed name is its owner's business, and changes without notice: identity
            # providers and AWS itself answer by aliases of content delivery networks.
            firewall_domain_redirection_action="TRUST_REDIRECTION_DOMAIN",
            opts=child,
        )
        blocked = aws.route53.ResolverFirewallRule(
            f"{name}-block",
            firewall_rule_group_id=group.id,
            firewall_domain_list_id=self._domains(f"{name}-every-name", ("*",), tags),
            priority=_BLOCK_PRIORITY,
            action="BLOCK",
            # Not NODATA: where a search path is tried, musl takes that for the answer and never asks the name itself.
            # Source: kubernetes/kubernetes#64924.
            block_response="NXDOMAIN",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed]),
        )
        failure = aws.route53.ResolverFirewallConfig(
            f"{name}-failure",
            resource_id=args.vpc_id,
            firewall_fail_open="DISABLED" if fail_closed else "ENABLED",
            opts=child,
        )
        aws.route53.ResolverFirewallRuleGroupAssociation(
            f"{name}-rules-vpc",
            firewall_rule_group_id=group.id,
            vpc_id=args.vpc_id,
            priority=_GROUP_PRIORITY,
            # A wall and no data: whoever has to open it in a hurry changes one word of the stack file. AWS would refuse
            # that until the protection is gone, which in production takes two more deployments.
            mutation_protection="DISABLED",
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed, blocked, failure]),
        )

    def _domains(self, name: str, domains: tuple[str, ...], tags: dict[str, str]) -> pulumi.Output[str]:
        """The id of a list of names."""
        made = aws.route53.ResolverFirewallDomainList(
            name, domains=list(domains), tags=tags, opts=pulumi.ResourceOptions(parent=self)
        )
        return made.id
