"""The way from the load balancer to the pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.listener_rules import pool_rule


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolRouteArgs:
    """What a :class:`PoolRoute` needs from its caller."""

    listener_arn: pulumi.Input[str]
    """The HTTPS listener."""
    target_group_arn: pulumi.Input[str]
    """The target group of the pool."""


class PoolRoute(pulumi.ComponentResource):
    """The rule that sends to the pool what nothing else claims.

    Make it depend on the pool, whose pods are well by then in the eyes of the balancer, and on the load balancer with
    the rules of the hub. Then no request meets an empty pool, nor the pool one that is the hub's: not when the pool
    comes, and, since Pulumi takes away in the opposite order, not when it goes.
    """

    TYPE: Final = "tmi:edge:PoolRoute"

    def __init__(self, name: str, args: PoolRouteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        pool_rule(name, args.listener_arn, pool=args.target_group_arn, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})
