"""Resources at which a value does not hurt that would elsewhere; each with the reason."""

from __future__ import annotations

from typing import Final

EXCUSED: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm::alarms-*-silent",
        "alarmActions.*",
        "it makes an outage as well, which speaks for it",
    ),
)
"""Each (pattern of `type::name`, pattern of paths, reason)."""
