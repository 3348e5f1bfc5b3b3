"""The web firewall: a web ACL on the load balancer, and its log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.delivered_log import DeliveredLog, DeliveredLogArgs
from components.log_sink import LogSink
from components.settings.edge import WebFirewallSettings
from components.web_firewall.logs import (
    NAME_PREFIX,
    logging_filter,
    protected_fields,
    redacted_fields,
)
from components.web_firewall.rules import Answer, Rule, rules

_SCOPE: Final = "REGIONAL"
"""Load balancers are regional; the other scope is CloudFront's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebFirewallArgs:
    """What a :class:`WebFirewall` needs from its caller."""

    stack_name: str
    """Part of the log group's name, by which the key of logs knows it, and the name of the web ACL's metric."""
    account: str
    """The stack's account."""
    region: str
    """The stack's region."""
    settings: WebFirewallSettings
    """Rates and allow lists."""
    body_limit_mib: int
    """The largest body a request may declare, in MiB; the pod's limit."""
    origins: tuple[str, ...]
    """The origins of the web user interface; at least one."""
    load_balancer_arn: pulumi.Input[str]
    """The load balancer in front of which it stands."""
    logs: LogSink
    """Encryption and retention of the log."""


class WebFirewall(pulumi.ComponentResource):
    """AWS WAF: lists, sizes, rates, origins, then AWS's own rule groups. What no rule refuses is let through."""

    TYPE: Final = "tmi:edge:WebFirewall"

    web_acl_arn: pulumi.Output[str]

    def __init__(self, name: str, args: WebFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        table = rules(
            args.settings,
            body_limit_mib=args.body_limit_mib,
            origins=args.origins,
            networks_arn=self._networks(name, args),
        )
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            scope=_SCOPE,
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            custom_response_bodies=_bodies(table),
            rules=[_rule(rule, priority) for priority, rule in enumerate(table, 1)],
            data_protection_config=protected_fields(),
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                metric_name=args.stack_name, cloudwatch_metrics_enabled=True, sampled_requests_enabled=False
            ),
            opts=child,
        )
        self._log(name, args, acl)
        aws.wafv2.WebAclAssociation(
            f"{name}-association", resource_arn=args.load_balancer_arn, web_acl_arn=acl.arn, opts=child
        )

        self.web_acl_arn = acl.arn
        self.register_outputs({"web_acl_arn": self.web_acl_arn})

    def _networks(self, name: str, args: WebFirewallArgs) -> pulumi.Output[str] | None:
        if not args.settings.allowed_networks:
            return None
        return aws.wafv2.IpSet(
            f"{name}-networks",
            scope=_SCOPE,
            ip_address_version="IPV4",
            addresses=sorted(args.settings.allowed_networks),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn

    def _log(self, name: str, args: WebFirewallArgs, acl: aws.wafv2.WebAcl) -> None:
        log = DeliveredLog(
            f"{name}-log",
            DeliveredLogArgs(
                group_name=f"{NAME_PREFIX}{args.stack_name}", account=args.account, region=args.region, logs=args.logs
            ),
            pulumi.ResourceOptions(parent=self),
        )
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[log.group_arn],
            redacted_fields=redacted_fields(),
            logging_filter=logging_filter(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log]),
        )


def _rule(rule: Rule, priority: int) -> aws.wafv2.WebAclRuleArgsDict:
    common: aws.wafv2.WebAclRuleArgsDict = {
        "name": rule.name,
        "priority": priority,
        "statement": rule.statement,
        "visibility_config": {
            "metric_name": rule.name,
            "cloudwatch_metrics_enabled": True,
            "sampled_requests_enabled": False,
        },
    }
    if rule.answer is None:
        # A group decides by the actions of its rules, some of which its statement overrides.
        return {**common, "override_action": {"none": {}}}
    return {**common, "action": {"block": {"custom_response": _response(rule.answer)}}}


def _response(answer: Answer) -> aws.wafv2.WebAclRuleActionBlockCustomResponseArgsDict:
    response: aws.wafv2.WebAclRuleActionBlockCustomResponseArgsDict = {
        "response_code": answer.status,
        "custom_response_body_key": answer.error,
    }
    if answer.retry_after_seconds is None:
        return response
    return {**response, "response_headers": [{"name": "Retry-After", "value": str(answer.retry_after_seconds)}]}


def _bodies(table: list[Rule]) -> list[aws.wafv2.WebAclCustomResponseBodyArgs]:
    answers = {rule.answer.error: rule.answer for rule in table if rule.answer}
    return [
        aws.wafv2.WebAclCustomResponseBodyArgs(
            key=error,
            content_type="APPLICATION_JSON",
            content=json.dumps({"error": error, "error_description": answer.description}),
        )
        for error, answer in sorted(answers.items())
    ]
