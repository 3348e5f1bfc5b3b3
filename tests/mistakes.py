"""Mistakes an operator can make in a stack file: fields of a valid file changed, and the one line that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
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
        {"cluster__public_access_cidrs": ["0.0.0.0/0"]},
        "cluster.public_access_cidrs.0: \"0.0.0.0/0\" must be an IPv4 network of /16 to /32 with zero host bits, never the whole internet; write it like '203.0.113.0/24'",
    ),
    (
        {"cluster__administrators": []},
        "cluster.administrators: [] must name at least one role, or nobody could administer it; add a role's ARN",
    ),
    (
        {"cluster__nodes__expire_after_hours": 1000},
        "cluster.nodes.expire_after_hours: 1000 must be 24 to 504 hours; choose a number in that range",
    ),
    (
        {"database__active": "other"},
        'database.active: "other" is no entry of database.instances; name one of them: main',
    ),
    (
        {"database__instances__main__engine_version": "17.6"},
        "database.instances.main.engine_version: \"17.6\" must be a section; write `kind:` below it, one of 'automatic' or 'pinned'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "automatic", "major": "17.6"}},
        "database.instances.main.engine_version.major: \"17.6\" must be a major version of PostgreSQL, 15 to 18, in quotes; minors upgrade themselves; write it like '17'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "pinned", "version": "17"}},
        "database.instances.main.engine_version.version: \"17\" must be an exact version of PostgreSQL, 15 to 18, in quotes; write it like '17.6'",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "pinned", "major": "17", "version": "17.6"}},
        "database.instances.main.engine_version.major: is no field of this section; remove it, or use one of kind, version",
    ),
    (
        {"database__instances__main__engine_version": {"kind": "automatic", "major": "18"}},
        'server.images.postgres: "17.11" cannot dump database.instances.main, which is PostgreSQL 18; write 18 or later',
    ),
    (
        {"database__instances__main__origin": {"kind": "backup"}},
        "database.instances.main.origin.kind: \"backup\" is no choice; choose one of 'new' or 'point_in_time' or 'replicated_backup' or 'snapshot'",
    ),
    (
        {"database__instances__main__origin": {"kind": "snapshot", "snapshot": "two--hyphens"}},
        "database.instances.main.origin.snapshot: \"two--hyphens\" must be the name or the ARN of a snapshot; write it like 'rds:tmi-prod-main-2026-11-01-02-10'",
    ),
    (
        {
            "database__instances__main__origin": {
                "kind": "snapshot",
                "snapshot": "arn:aws:rds:eu-central-1:111111111111:snapshot:awsbackup:job-0000example",
            }
        },
        'database.instances.main.origin.snapshot: "arn:aws:rds:eu-central-1:111111111111:snapshot:awsbackup:j… is not of account 111111111111 in eu-west-1; take the one that stack exports for this region',
    ),
    (
        {"database__instances__main__origin": {"kind": "point_in_time", "source": "tmi-dev-old", "time": "yesterday"}},
        "database.instances.main.origin.time: \"yesterday\" must be a moment in UTC, in quotes, or latest; write it like '2026-11-27T03:00:00Z'",
    ),
    (
        {"database__instances__main__origin": {"kind": "point_in_time", "source": "tmi-dev-main", "time": "latest"}},
        'database.instances.main.origin.source: "tmi-dev-main" is this instance itself; add the restore under a name of its own',
    ),
    (
        {
            "database__instances__main__origin": {
                "kind": "replicated_backup",
                "automated_backup": "arn:aws:rds:eu-west-1:111111111111:auto-backup:ab-0000example",
                "time": "latest",
            }
        },
        "secrets.settings_key.kind: \"single\" cannot read what database.instances.main brings with it; write 'existing' and name its copy here",
    ),
    (
        {"database__instances__main__retiring": True},
        "database.instances.main.retiring: true is the active instance; move database.active to another one first",
    ),
    (
        {"secrets__settings_key": {"kind": "rotating", "label": "2026-11", "previous": "2026-11"}},
        'secrets.settings_key.previous: "2026-11" is the new key\'s label too; write the label the key had before',
    ),
    (
        {
            "secrets__settings_key": {
                "kind": "existing",
                "secret_arn": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:key-AbCdEf",
                "key_arn": "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-0000-000000000000",
            }
        },
        'secrets.settings_key.key_arn: "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-… is not of account 111111111111 in eu-west-1; take the one that stack exports for this region',
    ),
    (
        {"recovery": {"kind": "region", "region": "eu-west-1", "backup_retention_days": 7}},
        'recovery.region: "eu-west-1" is the stack\'s own region; name another one',
    ),
    (
        {"registry__tmi_images": {"kind": "replicated", "stack": "tmi-dev"}},
        'registry.tmi_images.stack: "tmi-dev" is this stack; name the one whose images are here',
    ),
    (
        {"registry__scanning": "thorough"},
        "registry.scanning: \"thorough\" is no choice; choose one of 'basic' or 'enhanced'",
    ),
    (
        {"cache__engine": {"kind": "valkey", "version": "7.2"}},
        "cache.engine.version: \"7.2\" must be Valkey 8.0 to 8.2, in quotes; write it like '8.0'",
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
        {"database__instances__main__instance_class": "db.banana"},
        "database.instances.main.instance_class: \"db.banana\" is no instance class of the table; choose one like 'db.m7g.large'",
    ),
    (
        {"database__instances__main__storage_gib": 100},
        "database.instances.main.storage_ceiling_gib: 100 must be a tenth above storage_gib (100) at least; write 110 or more",
    ),
    (
        {"database__instances__main__backup_retention_days": 0},
        "database.instances.main.backup_retention_days: 0 must be 7 to 35 days; choose a number in that range",
    ),
    (
        {"database__instances__main__maintenance_window": "sun:02:30-sun:03:30"},
        'database.instances.main.maintenance_window: "sun:02:30-sun:03:30" must not overlap the daily backup (02:00-03:00); move one of them',
    ),
    (
        {
            "database__instances__main__replicas": {
                "a": {"zone": "eu-west-1c", "instance_class": "db.t4g.medium", "retiring": False}
            }
        },
        'database.instances.main.replicas.a.zone: "eu-west-1c" must be one of network.zones; name one of eu-west-1a, eu-west-1b',
    ),
    (
        {"cache__maintenance_window": "mon:01:30-mon:02:30"},
        'cache.maintenance_window: "mon:01:30-mon:02:30" must not overlap the daily backup (02:00-03:00); move one of them',
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
        {"server__images__tmi": "latest"},
        "server.images.tmi: \"latest\" must be an exact version, since a moving tag such as `latest` starts no rollout; write it like '1.8.22'",
    ),
    (
        {"server__user_interface_origins": ["https://*.example.com"]},
        "server.user_interface_origins.0: \"https://*.example.com\" must be the origin of a web page: https://, the host, nothing after it, no wildcard; write it like 'https://ui.example.com'",
    ),
    (
        {"server__oauth_providers__corporate__token_url": "https://login.example.com:8443/token"},
        "server.oauth_providers.corporate.token_url: \"https://login.example.com:8443/token\" must be an https:// address of a host, without a port: pods reach names, on port 443 alone; write it like 'https://login.example.com/token'",
    ),
    (
        {"server__oauth_providers__corporate__issuer": "https://192.0.2.1"},
        "server.oauth_providers.corporate.issuer: \"https://192.0.2.1\" must be an https:// address of a host, without a port: pods reach names, on port 443 alone; write it like 'https://login.example.com/token'",
    ),
    (
        {"backup__time": "03:00"},
        'backup.time: "03:00" is in the maintenance window of database.instances.main (sun:03:30-sun:04:30) or up to two hours before it; choose an earlier or a later hour',
    ),
    (
        {"server__administrator__provider": "google"},
        'server.administrator.provider: "google" is no entry of server.oauth_providers; add it there or name one of them: corporate',
    ),
    (
        {"server__log_level": "debug"},
        "server.log_level: \"debug\" is no choice; choose one of 'info', 'warn' or 'error'",
    ),
    (
        {"monitoring__log_retention_days__application": 45},
        "monitoring.log_retention_days.application: 45 is no retention of CloudWatch Logs; choose one of 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ),
    (
        {"monitoring__alarm_emails": []},
        "monitoring.alarm_emails: [] must name at least one address, or alarms would reach nobody; add one",
    ),
)
"""In the dev stack."""

PRODUCTION_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    ({"deletion_protection": False}, "deletion_protection: false is not for production; write true"),
    ({"network__nat_gateways": "single"}, "network.nat_gateways: \"single\" is not for production; write 'per_zone'"),
    (
        {"database__instances__main__multi_az": False},
        "database.instances.main.multi_az: false is not for production; write true",
    ),
    ({"cache__nodes": 1}, "cache.nodes: 1 is not for production; write 2 or more"),
    (
        {"recovery": {"kind": "none"}},
        "recovery.kind: \"none\" is not for production; write 'region' and name one",
    ),
)
"""In production alone."""
