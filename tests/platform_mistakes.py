"""Mistakes an operator can make in what a stack file says of the stack, its network, its front door and its alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

PLATFORM_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    ({"account": 111111111111}, "account: 111111111111 must be text; put it in quotes"),
    (
        {"name": "TMI"},
        "name: \"TMI\" must be 2 to 20 lower-case letters, digits and single hyphens, starting with a letter; write it like 'tmi-dev'",
    ),
    ({"tier": "staging"}, "tier: \"staging\" is no choice; choose one of 'development' or 'production'"),
    ({"region": "Ireland"}, "region: \"Ireland\" must be the name of an AWS region; write it like 'eu-west-1'"),
    (
        {"deletion_protection": "yes"},
        'deletion_protection: "yes" must be true or false; write one of them without quotes',
    ),
    ({"network": []}, "network: [] must be a section with fields; write them below it"),
    (
        {"network__cidr": "10.64.0.0/24"},
        "network.cidr: \"10.64.0.0/24\" must be an IPv4 network of /16 to /18 with zero host bits; write it like '10.64.0.0/16'",
    ),
    (
        {"network__cidr": "10.64.0.1/16"},
        "network.cidr: \"10.64.0.1/16\" must be an IPv4 network of /16 to /18 with zero host bits; write it like '10.64.0.0/16'",
    ),
    (
        {"network__cidr": "8.8.0.0/16"},
        'network.cidr: "8.8.0.0/16" must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; choose a network in one of them',
    ),
    (
        {"network__egress": {"kind": "closed"}},
        "network.egress.kind: \"closed\" is no choice; choose one of 'allow_list' or 'open'",
    ),
    (
        {"network__egress": {}},
        "network.egress.kind: is missing; choose one of 'allow_list' or 'open'",
    ),
    (
        {"network__egress": "open"},
        "network.egress: \"open\" must be a section; write `kind:` below it, one of 'allow_list' or 'open'",
    ),
    (
        {"network__egress": {"kind": "open", "domains": []}},
        "network.egress.domains: is no field of this section; remove it, or use one of kind",
    ),
    (
        {"network__egress": {"kind": "allow_list", "domains": ["https://hooks.example.com"], "fail_closed": True}},
        "network.egress.domains.0: \"https://hooks.example.com\" must be a lower-case DNS name, or `*.` and one for every name below it; write it like 'hooks.example.com'",
    ),
    (
        {"load_balancer__scheme": {"kind": "internal", "client_cidrs": ["8.8.8.0/24"], "zone": {"kind": "created"}}},
        'load_balancer.scheme.client_cidrs.0: "8.8.8.0/24" must lie in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10; choose a network in one of them',
    ),
    (
        {"load_balancer__scheme": {"kind": "internal", "client_cidrs": ["10.0.0.0/8"], "zone": {"kind": "given"}}},
        "load_balancer.scheme.zone.zone_id: is missing; add it: The zone; it has to hold every name of the load balancer.",
    ),
    (
        {
            "load_balancer__scheme": {"kind": "internal", "client_cidrs": ["10.0.0.0/8"], "zone": {"kind": "created"}},
            "web_firewall__allowed_countries": ["DE"],
        },
        'web_firewall.allowed_countries: ["DE"] is for a load balancer on the internet; write [] and list networks instead',
    ),
    (
        {"web_firewall__allowed_countries": ["Germany"]},
        "web_firewall.allowed_countries.0: \"Germany\" must be the two capital letters of a country (ISO 3166-1); write it like 'DE'",
    ),
    (
        {"web_firewall__rate_limits__token": 301},
        "web_firewall.rate_limits.token: 301 never acts: login stops at 300 already; write 300 or less",
    ),
    (
        {"web_firewall__rate_limits__root": 3},
        "web_firewall.rate_limits.root: 3 must be 10 to 100000 requests; choose a number in that range",
    ),
    (
        {"load_balancer__domain": f"{'a' * 53}.example.com"},
        'load_balancer.domain: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.exam… is too long for a certificate; choose a name of 64 characters at most',
    ),
    (
        {"network__zones": ["eu-west-1a"]},
        'network.zones: ["eu-west-1a"] must name 2 to 4 different zones; add another one of the region',
    ),
    (
        {"network__zones": "eu-west-1a"},
        'network.zones: "eu-west-1a" must be a list; write one item a line after a dash',
    ),
    (
        {"network__zones": ["eu-west-1a", "eu-west-2b"]},
        "network.zones.1: \"eu-west-2b\" is no zone of eu-west-1; name one like 'eu-west-1a'",
    ),
    (
        {"network__interface_endpoints": ["sts", "sts"]},
        'network.interface_endpoints: ["sts", "sts"] must name each service once; remove the repeated one',
    ),
    (
        {"load_balancer__takes_over": True},
        "load_balancer.certificate.kind: \"requested\" goes with takes_over: false alone; write 'existing' and name the certificate kept in this region",
    ),
    (
        {
            "load_balancer__certificate": {
                "kind": "existing",
                "arn": "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000",
            }
        },
        'load_balancer.certificate.arn: "arn:aws:acm:us-east-1:111111111111:certificate/00000000-00… is not of account 111111111111 in eu-west-1; take the one that stack exports for this region',
    ),
    (
        {"load_balancer__alternative_names": ["tmi.dev.example.com"]},
        'load_balancer.alternative_names: "tmi.dev.example.com" is the domain itself already; remove it from the list',
    ),
    (
        {"load_balancer__tls_policy": "ELBSecurityPolicy-2016-08"},
        "load_balancer.tls_policy: \"ELBSecurityPolicy-2016-08\" is no choice; choose one of 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06', 'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09', 'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04', 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', 'ELBSecurityPolicy-TLS13-1-3-2021-06', 'ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09' or 'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04'",
    ),
    (
        {"monitoring__log_retention_days__application": 45},
        "monitoring.log_retention_days.application: 45 is no retention of CloudWatch Logs; choose one of 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ),
)
"""In the dev stack."""
