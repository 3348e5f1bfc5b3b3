"""The table of routes as rules of an ALB listener."""

from __future__ import annotations

import json
from typing import Final

import pulumi
import pulumi_aws as aws

from components.server.routes import POOL, Destination, RouteGroup, rules

_NOT_FOUND: Final = json.dumps({"error": "not_found"})
"""The body of a refused request; no TMI, no version, nothing for a scanner."""


def default_action(*, hub: pulumi.Input[str], pool: pulumi.Input[str] | None) -> aws.lb.ListenerDefaultActionArgs:
    """What no rule takes goes to the hub, which can answer everything; both arguments are ARNs of target groups.

    The pool is named with no share of it: the balancer looks after the health of targets whose group is in use, so
    the pool's pods are known to be well before the first request goes there.
    Source: Application Load Balancer guide, target groups; its weights are 0 to 999.
    """
    if pool is None:
        return aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=hub)
    groups = [
        aws.lb.ListenerDefaultActionForwardTargetGroupArgs(arn=arn, weight=weight)
        for arn, weight in ((hub, 1), (pool, 0))
    ]
    return aws.lb.ListenerDefaultActionArgs(
        type="forward", forward=aws.lb.ListenerDefaultActionForwardArgs(target_groups=groups)
    )


def listener_rules(
    name: str,
    listener_arn: pulumi.Input[str],
    *,
    hub: pulumi.Input[str],
    pool: bool,
    opts: pulumi.ResourceOptions,
) -> None:
    """The rules of the HTTPS listener: what is refused; and, where a pool stands beside it, what the hub alone answers.

    `hub` is the ARN of the hub's target group. Each rule is called by its group and keeps that group's priority. What
    the pool answers is a rule too, but one that waits for the pool's pods: see :mod:`components.pool_route`.
    """
    for group, destination in rules(pool=pool):
        if destination is not Destination.POOL:
            action = _refuse() if destination is Destination.REFUSED else _forward(hub)
            _rule(name, listener_arn, group, action, opts)


def pool_rule(
    name: str, listener_arn: pulumi.Input[str], *, pool: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """The rule for all that no other rule takes; `pool` is the ARN of the pool's target group."""
    _rule(name, listener_arn, POOL, _forward(pool), opts)


def _rule(
    name: str,
    listener_arn: pulumi.Input[str],
    group: RouteGroup,
    action: aws.lb.ListenerRuleActionArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    aws.lb.ListenerRule(
        f"{name}-{group.name}",
        listener_arn=listener_arn,
        priority=group.priority,
        conditions=_conditions(group),
        actions=[action],
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
