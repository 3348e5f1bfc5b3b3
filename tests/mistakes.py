"""Mistakes an operator can make in a stack file: fields of a valid file changed, and the one line that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.availability_mistakes import AVAILABILITY_MISTAKES
from tests.cluster_mistakes import CLUSTER_MISTAKES
from tests.data_mistakes import DATA_MISTAKES
from tests.log_mistakes import LOG_MISTAKES, PRODUCTION_LOG_MISTAKES
from tests.notification_mistakes import NOTIFICATION_MISTAKES
from tests.platform_mistakes import PLATFORM_MISTAKES
from tests.pod_mistakes import POD_MISTAKES
from tests.server_mistakes import SERVER_MISTAKES

MISTAKES: Final = (
    *PLATFORM_MISTAKES,
    *DATA_MISTAKES,
    *CLUSTER_MISTAKES,
    *POD_MISTAKES,
    *SERVER_MISTAKES,
    *NOTIFICATION_MISTAKES,
    *LOG_MISTAKES,
    *AVAILABILITY_MISTAKES,
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
    *PRODUCTION_LOG_MISTAKES,
)
"""In production alone."""
