"""The web firewall as tests declare it: two web user interfaces, a limit of 2 MiB, nobody left out."""

from __future__ import annotations

from functools import cache
from typing import Any

import pulumi_aws as aws

from components.log_sink import LogSink
from components.settings.edge import RateLimitSettings, WebFirewallSettings
from components.web_firewall import WebFirewall, WebFirewallArgs
from tests.cloud import Cloud, run
from tests.waf_requests import FirewallModel

ORIGINS = ("https://ui.example.com", "https://review.example.com")


@cache
def firewall(
    *,
    countries: tuple[str, ...] = (),
    networks: tuple[str, ...] = (),
    origins: tuple[str, ...] = ORIGINS,
    body_limit_mib: int = 2,
) -> Cloud:
    args = WebFirewallArgs(
        stack_name="tmi-dev",
        account="111111111111",
        region="eu-west-1",
        settings=WebFirewallSettings(
            rate_limits=RateLimitSettings(site=3000, root=60, login=300, token=100),
            allowed_countries=countries,
            allowed_networks=networks,
        ),
        body_limit_mib=body_limit_mib,
        origins=origins,
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/example/0",
        logs=LogSink(key_arn="arn:aws:kms:eu-west-1:111111111111:key/logs", retention_days=30),
    )
    return run(lambda: WebFirewall("web-firewall", args))


def acl(cloud: Cloud) -> dict[str, Any]:
    return dict(cloud.one(aws.wafv2.WebAcl).inputs)


def model(cloud: Cloud) -> FirewallModel:
    sets = [each for each in cloud.resources if each.type == "aws:wafv2/ipSet:IpSet"]
    return FirewallModel(acl(cloud), {each.inputs["arn"]: each.inputs["addresses"] for each in sets})
