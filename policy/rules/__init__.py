"""Every rule of the pack, in the order of the reports."""

from __future__ import annotations

from typing import Final

from policy.rule import Rule
from policy.rules import encryption, identity, isolation, transport, workload

RULES: Final[tuple[Rule, ...]] = (
    isolation.DATA_ADMITS_GROUPS_ONLY,
    isolation.DATA_FAR_FROM_INTERNET,
    isolation.DATA_SUBNETS_CLOSED,
    transport.LISTENERS_TLS,
    transport.TARGET_GROUPS_TLS,
    transport.POSTGRES_FORCES_TLS,
    transport.REDIS_TLS_AND_TOKEN,
    encryption.STORAGE_CUSTOMER_KEY,
    identity.NO_WILDCARDS,
    workload.PODS_RESTRICTED,
)
