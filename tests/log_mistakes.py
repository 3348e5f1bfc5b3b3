"""Mistakes an operator can make in what the stack file says of logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

ARCHIVE: Final[Mapping[str, Any]] = {
    "kind": "bucket",
    "lock": {"kind": "governance", "days": 30},
    "retention_days": {"application": 365, "database": 365, "network": 365, "control_plane": 365},
    "cold_after_days": 60,
}
"""An archive that is right where nothing else is changed."""

LOG_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {
            "monitoring__archive": {**ARCHIVE, "lock": {"kind": "compliance", "days": 366}},
            "load_balancer__log_retention_days": 365,
        },
        "monitoring.archive.lock.days: 366 is longer than the shortest of monitoring.archive.retention_days; write 365 or less",
    ),
    (
        {"monitoring__archive": {**ARCHIVE, "cold_after_days": 29}},
        "monitoring.archive.cold_after_days: 29 must be 30 to 3650 days; choose a number in that range",
    ),
    (
        {"monitoring__archive": {**ARCHIVE, "cold_after_days": 90}, "load_balancer__log_retention_days": 90},
        "monitoring.archive.cold_after_days: 90 must be less than each of monitoring.archive.retention_days and than load_balancer.log_retention_days; write 89 or less",
    ),
    (
        {"monitoring__archive": {**ARCHIVE, "cold_after_days": 40}, "load_balancer__log_retention_days": 30},
        "monitoring.archive.cold_after_days: 40 must be less than each of monitoring.archive.retention_days and than load_balancer.log_retention_days; keep all of them for 41 or more",
    ),
    (
        {
            "monitoring__archive": ARCHIVE,
            "monitoring__log_retention_days__network": 400,
            "load_balancer__log_retention_days": 365,
        },
        "monitoring.archive.retention_days.network: 365 is less than monitoring.log_retention_days.network; write 400 or more",
    ),
    (
        {"monitoring__archive": {**ARCHIVE, "lock": {"kind": "legal_hold"}}},
        "monitoring.archive.lock.kind: \"legal_hold\" is no choice; choose one of 'compliance' or 'governance' or 'none'",
    ),
    (
        {"monitoring__anomaly_detection": "yes"},
        'monitoring.anomaly_detection: "yes" must be true or false; write one of them without quotes',
    ),
)
"""In the dev stack."""

PRODUCTION_LOG_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"server__log_level": "error"},
        "server.log_level: \"error\" hides security events, which TMI logs as warnings, and is not for production; write 'warn' or 'info'",
    ),
    (
        {"monitoring__archive": {"kind": "none"}},
        "monitoring.archive.kind: \"none\" is not for production; write 'bucket'",
    ),
    (
        {"monitoring__archive__lock": {"kind": "none"}},
        "monitoring.archive.lock.kind: \"none\" is not for production; write 'governance' or 'compliance'",
    ),
)
"""In production alone."""
