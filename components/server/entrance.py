"""What the load balancer and TMI's pods must agree on; both read it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HTTPS_PORT: Final = 8443
"""The way into a pod: its TLS side-car, for load balancer and probes."""

GRACE_SECONDS: Final = 60
"""How long a pod may take to end: above its stop delay and TMI's hard exit after 35 s. The balancer keeps the open
connections of a leaving pod as long: a shorter delay would cut requests that TMI still finishes, a longer one would
wait for a pod that is gone."""

REFUSED_PATHS: Final[Mapping[str, str]] = {
    "/api/server-info": "/api/server-info",
    "/dev": "/dev/*",
    "/ws/notifications": "/ws/notifications",
}
"""Paths that must not be reached from outside, and the load balancer's pattern for each.

Development helpers, and a WebSocket whose first success would deadlock TMI's writes. The proxy refuses each path with
all below it; a rule of the load balancer holds five patterns at most, so there they name what exists.
"""
