"""Mistakes an operator can make in what a stack file says of objectives, health checks and the canary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_DEEP_CHECK: Final = {
    "kind": "deep_check",
    "runtime": "syn-python-selenium-14.0",
    "client_id": "tmi_cc_0000000000000000000000",
    "threat_model": "00000000-0000-0000-0000-000000000000",
}
_INTERNAL: Final = {"kind": "internal", "client_cidrs": ["10.0.0.0/8"], "zone": {"kind": "created"}}
_FROM_REGIONS: Final = {"kind": "regions", "regions": ["eu-west-1", "us-east-1", "sa-east-1"]}
AVAILABILITY_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"monitoring__objectives__availability_percent": 90},
        "monitoring.objectives.availability_percent: 90 must be 95 to 99.99 percent; choose a number in that range",
    ),
    (
        {"monitoring__objectives__latency_percent": "99"},
        'monitoring.objectives.latency_percent: "99" must be a number; write it without quotes',
    ),
    (
        {"monitoring__objectives__latency_milliseconds": 10},
        "monitoring.objectives.latency_milliseconds: 10 must be 50 to 10000 milliseconds; choose a number in that range",
    ),
    (
        {"monitoring__objectives__window_days": 90},
        "monitoring.objectives.window_days: 90 must be 7 to 30 days; choose a number in that range",
    ),
    (
        {"monitoring__canary": {"kind": "ping"}},
        "monitoring.canary.kind: \"ping\" is no choice; choose one of 'deep_check' or 'none'",
    ),
    (
        {"monitoring__canary": {**_DEEP_CHECK, "runtime": "syn-nodejs-puppeteer-9.0"}},
        "monitoring.canary.runtime: \"syn-nodejs-puppeteer-9.0\" must be a Python runtime of CloudWatch Synthetics; write it like 'syn-python-selenium-14.0'",
    ),
    (
        {"monitoring__canary": {**_DEEP_CHECK, "client_id": "tmi-canary"}},
        "monitoring.canary.client_id: \"tmi-canary\" must be the client id of credentials that TMI made; write it like 'tmi_cc_0000000000000000000000'",
    ),
    (
        {"monitoring__canary": {**_DEEP_CHECK, "threat_model": "the first one"}},
        "monitoring.canary.threat_model: \"the first one\" must be the id of a threat model; write it like '00000000-0000-0000-0000-000000000000'",
    ),
    (
        {"monitoring__canary": _DEEP_CHECK, "web_firewall__allowed_countries": ["DE"]},
        'web_firewall.allowed_countries: ["DE"] keeps the canary out wherever its NAT gateways count to another country; add their addresses to allowed_networks, or write kind: none in monitoring.canary',
    ),
    (
        {
            "monitoring__canary": _DEEP_CHECK,
            "load_balancer__scheme": _INTERNAL,
            "web_firewall__allowed_networks": ["10.1.0.0/16"],
        },
        'web_firewall.allowed_networks: ["10.1.0.0/16"] keeps the canary out, which comes from the VPC; add 10.64.0.0/16',
    ),
    (
        {"monitoring__health_checks": {"kind": "regions", "regions": ["eu-west-1", "us-east-1"]}},
        'monitoring.health_checks.regions: ["eu-west-1", "us-east-1"] must name 3 to 8 different regions, the least and the most that Route 53 asks from; name some',
    ),
    (
        {"monitoring__health_checks": {"kind": "regions", "regions": ["eu-west-1", "us-east-1", "eu-central-1"]}},
        'monitoring.health_checks.regions.2: "eu-central-1" is no region that Route 53 asks from; choose one of ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-west-1, sa-east-1, us-east-1, us-west-1, us-west-2',
    ),
    (
        {"monitoring__health_checks": _FROM_REGIONS, "load_balancer__scheme": _INTERNAL},
        "monitoring.health_checks.kind: \"regions\" asks from the internet, which reaches no internal load balancer; write 'none'",
    ),
    (
        {"monitoring__health_checks": _FROM_REGIONS, "web_firewall__allowed_networks": ["198.51.100.0/24"]},
        "monitoring.health_checks.kind: \"regions\" asks from addresses all over the world, which web_firewall.allowed_… keep out; write 'none'",
    ),
    (
        {
            "monitoring__health_checks": _FROM_REGIONS,
            "load_balancer__tls_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
        },
        'load_balancer.tls_policy: "ELBSecurityPolicy-TLS13-1-3-2021-06" takes TLS 1.3 alone, which Route 53 does not speak; choose one of 1-2, or monitoring.health_checks none',
    ),
)
"""In the dev stack."""
