"""Every rule of the pack, in the order of the reports."""

from __future__ import annotations

from typing import Final

from policy.rule import Rule
from policy.rules import (
    buckets,
    encryption,
    endpoints,
    front_door,
    identity,
    isolation,
    names,
    network,
    reachability,
    transport,
    web_firewall,
    workload,
)

RULES: Final[tuple[Rule, ...]] = (
    reachability.GROUPS_ADMIT_KNOWN_PEERS,
    reachability.GROUPS_REACH_KNOWN_PEERS,
    isolation.DATA_ADMITS_GROUPS_ONLY,
    isolation.DATA_FAR_FROM_INTERNET,
    isolation.DATA_SUBNETS_CLOSED,
    network.VPC_DEFAULTS_EMPTY,
    network.SUBNETS_WITHOUT_PUBLIC_ADDRESSES,
    network.TRAFFIC_RECORDED,
    network.TIERS_IN_TWO_ZONES,
    endpoints.S3_BY_ENDPOINT,
    endpoints.ENDPOINTS_NARROW,
    names.QUERIES_RECORDED,
    names.NAMES_REFUSED_AT_LAST,
    transport.LISTENERS_TLS,
    transport.TARGET_GROUPS_TLS,
    transport.POSTGRES_FORCES_TLS,
    transport.REDIS_TLS_AND_TOKEN,
    front_door.CERTIFICATES_PROVED,
    front_door.LISTENERS_FORWARD_BY_TLS,
    front_door.LISTENERS_SEND_HSTS,
    front_door.BALANCERS_HARDENED,
    web_firewall.BALANCERS_BEHIND_WEB_ACL,
    web_firewall.WEB_ACLS_REFUSE,
    web_firewall.WEB_ACLS_RECORDED,
    buckets.BUCKETS_COMPLETE,
    encryption.STORAGE_CUSTOMER_KEY,
    identity.NO_WILDCARDS,
    workload.PODS_RESTRICTED,
)
