"""TMI's environment: what its ConfigMap holds.

Every name is a row of `components.settings.variables`. Hub and pool get the same one.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.settings.server import ServerSettings
from components.settings.variables.table import values
from components.settings.variables.variable import Situation


def environment(
    settings: ServerSettings, *, domain: str, edge_cidrs: Sequence[str], idle_timeout_seconds: int
) -> dict[str, str]:
    """Every variable of TMI that is no secret.

    `edge_cidrs` are the subnets of the load balancer, `idle_timeout_seconds` is its idle timeout.
    """
    situation = Situation(
        server=settings, domain=domain, edge_cidrs=edge_cidrs, idle_timeout_seconds=idle_timeout_seconds
    )
    return {**values(situation), **settings.extra}
