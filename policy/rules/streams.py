"""Delivery streams: what they hold on the way is encrypted, and what they cannot deliver is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, present, read, show

STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_SOURCES: Final = ("kinesisSourceConfiguration", "mskSourceConfiguration")
"""With these the stream holds nothing itself: the source encrypts."""
_LOGGING: Final = "cloudwatchLoggingOptions"


def streams_encrypted(stream: Resource) -> Iterator[Violation]:
    """What waits in a stream is encrypted, unless its source keeps it."""
    enabled = stream.get("serverSideEncryption", "enabled")
    if enabled is not True and not any(present(stream.get(name)) for name in _SOURCES):  # absent: false
        yield Violation(stream, f"serverSideEncryption.enabled is {show(enabled)}; it must be true")


def streams_report_errors(stream: Resource) -> Iterator[Violation]:
    """Each destination of a stream logs what it cannot deliver."""
    for name, destination in stream.properties.items():
        if name.endswith("Configuration") and name not in _SOURCES:
            enabled = UNKNOWN if destination is UNKNOWN else read(destination, _LOGGING, "enabled")
            if enabled is not True:  # absent: false
                yield Violation(stream, f"{name}.{_LOGGING}.enabled is {show(enabled)}; it must be true")


STREAMS_ENCRYPTED: Final = ResourceRule(
    about=Description(
        id="streams-encrypted",
        title="Delivery streams are encrypted",
        severity=Severity.MEDIUM,
        frameworks=("FSBP DataFirehose.1",),
        why="A stream that cannot deliver keeps what it has for a day, in plain text by default.",
        remediation="Set serverSideEncryption.enabled to true.",
    ),
    types=frozenset({STREAM}),
    check=streams_encrypted,
)
STREAMS_REPORT_ERRORS: Final = ResourceRule(
    about=Description(
        id="streams-report-errors",
        title="Delivery streams log what they cannot deliver",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06",),
        why="What a stream fails to deliver for a day is gone, and only this log says why.",
        remediation="Set cloudwatchLoggingOptions.enabled to true, with a group and a stream, in each destination.",
    ),
    types=frozenset({STREAM}),
    check=streams_report_errors,
)
