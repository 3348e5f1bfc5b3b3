"""The table of routes as rules of an ALB listener."""

from __future__ import annotations

import json
from typing import Final

import pulumi
import pulumi_aws as aws

from components.server.routes import Destination, RouteGroup, rules

_NOT_FOUND: Final = json.dumps({"error": "not_found"})
"""The body of a refused request; no TMI, no version, nothing for a scanner."""


def listener_rules(
    name: str,
    listener_arn: pulumi.Input[str],
    *,
    hub: pulumi.Input[str],
    pool: bool,
    opts: pulumi.ResourceOptions,
) -> None:
    """The rules of the HTTPS listener: what is refused; and, where a pool is the default, what the hub alone answers.

    `hub` is the ARN of the hub's target group. Each rule is called by its group and keeps that group's priority.
    """
    for group, destination in rules(pool=pool):
        aws.lb.ListenerRule(
            f"{name}-{group.name}",
            listener_arn=listener_arn,
            priority=group.priority,
            conditions=_conditions(group),
            actions=[_refuse() if destination is Destination.REFUSED else _forward(hub)],
            opts=opts,
        )


def _conditions(group: RouteGroup) -> list[aws.lb.ListenerRuleConditionArgs]:
    paths = aws.lb.ListenerRuleConditionPathPatternArgs(regex_values=[route.path for route in group.routes])
    conditions = [aws.lb.ListenerRuleConditionArgs(path_pattern=paths)]
    if group.methods:
        methods = aws.lb.ListenerRuleConditionHttpRequestMethodArgs(values=list(group.methods))
        conditions.append(aws.lb.ListenerRuleConditionArgs(http_request_method=methods))
    return conditions


def _refuse() -> aws.lb.ListenerRuleActionArgs:
    return aws.lb.ListenerRuleActionArgs(
        type="fixed-response",
        fixed_response=aws.lb.ListenerRuleActionFixedResponseArgs(
            status_code="404", content_type="application/json", message_body=_NOT_FOUND
        ),
    )


def _forward(group_arn: pulumi.Input[str]) -> aws.lb.ListenerRuleActionArgs:
    return aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group_arn)
