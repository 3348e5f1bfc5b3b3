"""Mistakes an operator can make in what a stack file says of TMI's pods: how many, how large, in which versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.pools import POOL

POD_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"server__images__tmi": "latest"},
        "server.images.tmi: \"latest\" must be an exact version, since a moving tag such as `latest` starts no rollout; write it like '1.8.22'",
    ),
    (
        {"server__topology": {"kind": "pool"}},
        "server.topology.kind: \"pool\" is no choice; choose one of 'hub_and_pool' or 'single'",
    ),
    (
        {"server__topology": {"kind": "hub_and_pool", "pool": {**POOL["pool"], "minimum": 1}}},
        "server.topology.pool.minimum: 1 must be 2 to 20 pods; choose a number in that range",
    ),
    (
        {"server__topology": {"kind": "hub_and_pool", "pool": {**POOL["pool"], "cpu_target_percent": 100}}},
        "server.topology.pool.cpu_target_percent: 100 must be 30 to 90 % of the reserved processor; choose a number in that range",
    ),
    (
        {"server__topology": {"kind": "hub_and_pool", "pool": {**POOL["pool"], "memory_target_percent": 40}}},
        "server.topology.pool.memory_target_percent: 40 must be 50 to 95 % of the memory; choose a number in that range",
    ),
    (
        {"server__telemetry": {"kind": "off"}},
        "server.telemetry.kind: \"off\" is no choice; choose one of 'collector' or 'none'",
    ),
    (
        {"server__telemetry": {"kind": "collector", "sampling_percent": 0}},
        "server.telemetry.sampling_percent: 0 must be 1 to 100 % of the requests; choose a number in that range",
    ),
    (
        {"server__images__collector": "latest"},
        "server.images.collector: \"latest\" must be an exact version, since a moving tag such as `latest` starts no rollout; write it like '1.8.22'",
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
        {"server__administrator__provider": "google"},
        'server.administrator.provider: "google" is no entry of server.oauth_providers or server.saml_providers; add it there or name one of them: corporate',
    ),
    (
        {"server__webhooks": {"kind": "on"}},
        "server.webhooks.kind: \"on\" is no choice; choose one of 'enabled' or 'none'",
    ),
    (
        {
            "server__webhooks": {
                "kind": "enabled",
                "delivery": "at_least_once",
                "receivers": {"kind": "public"},
            }
        },
        "server.webhooks.kind: \"enabled\" loses deliveries while server.settings_encryption is true, since TMI 1.8.22 cannot read back what it encrypts of them; write 'none', or settings_encryption: false, which leaves TMI's settings to the encryption of the stores",
    ),
    (
        {
            "server__webhooks": {"kind": "enabled", "delivery": "exactly_once", "receivers": {"kind": "public"}},
            "server__settings_encryption": False,
        },
        "server.webhooks.delivery: \"exactly_once\" is no choice; choose one of 'once_unless_retried' or 'at_least_once'",
    ),
    (
        {
            "server__webhooks": {
                "kind": "enabled",
                "delivery": "once_unless_retried",
                "receivers": {"kind": "public"},
            },
            "server__settings_encryption": False,
            "server__topology": POOL,
        },
        "server.webhooks.delivery: \"once_unless_retried\" is not what a pool of TMI 1.8.22 does, each process of which delivers; write 'at_least_once' once all receivers drop an X-Webhook-Delivery-Id they know, or choose server.topology single",
    ),
    (
        {
            "server__webhooks": {
                "kind": "enabled",
                "delivery": "at_least_once",
                "receivers": {"kind": "listed", "hosts": ["deep.hooks.example.com", "other.example.com"]},
            },
            "server__settings_encryption": False,
            "network__egress": {"kind": "allow_list", "domains": ["*.hooks.example.com"], "fail_closed": True},
        },
        'server.webhooks.receivers.hosts.1: "other.example.com" is not among network.egress.domains, so no pod reaches it; add it there',
    ),
    (
        {"server__hub_restart": {"kind": "none"}},
        "server.hub_restart.kind: \"none\" is not for TMI 1.8.22, which leaks and is full after 67 hours; write 'daily' or 'weekly'",
    ),
    (
        {"server__hub_restart": {"kind": "weekly", "day": "sun", "time": "03:00"}},
        "server.hub_restart.kind: \"weekly\" is too seldom: TMI leaks, and 1024 MiB are full after 67 hours of the expected load; write 'daily', or raise server.resources.memory_mib to 3584 or more, or choose server.topology hub_and_pool",
    ),
    (
        {"server__hub_restart": {"kind": "weekly", "day": "sunday", "time": "03:00"}},
        "server.hub_restart.day: \"sunday\" is no choice; choose one of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'",
    ),
    (
        {"server__expected_load__other_requests_per_minute": 60},
        'server.hub_restart.kind: "daily" is too seldom: TMI leaks, and 1024 MiB are full after 31 hours of the expected load; raise server.resources.memory_mib to 1408 or more, or choose server.topology hub_and_pool',
    ),
    (
        {
            "server__topology": POOL,
            "server__hub_restart": {"kind": "weekly", "day": "sun", "time": "03:00"},
            "server__expected_load__hub_requests_per_minute": 30,
        },
        "server.hub_restart.kind: \"weekly\" is too seldom: TMI leaks, and 1024 MiB are full after 67 hours of the expected load; write 'daily', or raise server.resources.memory_mib to 3584 or more",
    ),
    (
        {"server__topology": {**POOL, "pool": {**POOL["pool"], "minimum": 3, "maximum": 2}}},
        "server.topology.pool.maximum: 2 is below the minimum (3); write 3 or more",
    ),
    (
        {"server__topology": POOL, "database__instances__main__instance_class": "db.t4g.micro"},
        'database.instances.main.instance_class: "db.t4g.micro" allows 112 connections, 78 without an alarm, and up to 6 processes of TMI need 87; choose a larger class, or lower server.topology.pool.maximum',
    ),
    (
        {
            "server__topology": {
                **POOL,
                "pool": {**POOL["pool"], "resources": {"cpu_millis": 500, "memory_mib": 4096}},
            },
            "server__expected_load__other_requests_per_minute": 4000,
        },
        "server.topology.pool.maximum: 4 pods of 500 thousandths of a vCPU are too few for 4000 requests a minute; write 5 or more, or raise server.topology.pool.resources.cpu_millis",
    ),
    (
        {
            "server__topology": POOL,
            "server__expected_load__other_requests_per_minute": 3000,
        },
        "server.topology.pool.resources.memory_mib: 1024 is full after 80 minutes of the expected load, since TMI leaks; pods are restarted at half of that, and no more than once an hour: write 1344 or more, or raise server.topology.pool.minimum",
    ),
    (
        {"server__log_level": "debug"},
        "server.log_level: \"debug\" is no choice; choose one of 'info', 'warn' or 'error'",
    ),
)
"""In the dev stack."""
