"""What the load balancer and TMI's pods must agree on; both read it here."""

from __future__ import annotations

from typing import Final

HTTPS_PORT: Final = 8443
"""The way into a pod: its TLS side-car, for load balancer and probes."""

HEALTH_PATH: Final = "/robots.txt"
"""What balancer and probes ask for: 0.1 ms of CPU, alive whatever TMI's stores do. Never `/`, which costs 0.35 s of CPU
and fails in an outage that restarts would only prolong."""
