"""A load balancer that speaks in the clear, to whoever asks, and writes nothing down."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policy.planted.network import Network


def edge(around: Network, opts: pulumi.ResourceOptions) -> None:
    balancer = aws.lb.LoadBalancer(
        "front", subnets=around.subnets["edge"], security_groups=[around.groups["alb"]], opts=opts
    )
    targets = aws.lb.TargetGroup("pods", vpc_id=around.vpc_id, target_type="ip", port=8080, protocol="HTTP", opts=opts)
    forward: Any = [{"type": "forward", "target_group_arn": targets.arn}]
    aws.lb.Listener(
        "http", load_balancer_arn=balancer.arn, port=80, protocol="HTTP", default_actions=forward, opts=opts
    )
    certificate = aws.acm.Certificate("front", domain_name="tmi.example.com", validation_method="DNS", opts=opts)
    aws.lb.Listener(
        "https",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-2016-08",
        certificate_arn=certificate.arn,
        default_actions=forward,
        opts=opts,
    )
