"""What was measured on TMI, for the page of sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """A load that was put on TMI, and what came of it."""

    request: str
    """What was asked, without pause."""
    connections: str
    """By how many clients at once; figures in the other columns are in their order."""
    two_idle: str
    """Answers a second, and how long 95 of 100 took at most, with TMI's default of two idle database connections."""
    ten_idle: str
    """The same with ten, as this platform sets them."""
    cpu_millis: str
    """Milliseconds of a processor for each, in TMI."""


MEASUREMENTS: Final = (
    Measurement(
        request="`GET /`",
        connections="1 / 8",
        two_idle="3.5, 332 ms / 5.7, 1.75 s",
        ten_idle="-",
        cpu_millis="350",
    ),
    Measurement(
        request="`GET /`, from the proxy's cache of 5 s",
        connections="8",
        two_idle="-",
        ten_idle="440, TLS handshakes included",
        cpu_millis="-",
    ),
    Measurement(
        request="`GET /robots.txt`",
        connections="8",
        two_idle="7,990, 4 ms",
        ten_idle="-",
        cpu_millis="0.1",
    ),
    Measurement(
        request="`GET /config`",
        connections="8",
        two_idle="27, 467 ms",
        ten_idle="102, 104 ms",
        cpu_millis="23; 9 with ten",
    ),
    Measurement(
        request="`GET /me`",
        connections="8",
        two_idle="349, 62 ms",
        ten_idle="986, 17 ms",
        cpu_millis="2.2; 1.2 with ten",
    ),
    Measurement(
        request="`GET /threat_models?limit=20`",
        connections="1 / 8 / 32",
        two_idle="79, 24 ms / 77, 212 ms / 103, 539 ms",
        ten_idle="74, 29 ms / 108, 135 ms / 107, 444 ms",
        cpu_millis="12 to 18",
    ),
)
"""On TMI 1.8.22 with telemetry on and the settings key set; repeats were within 15 %, and none met an error."""
