"""What a saved query of CloudWatch Logs Insights is, and which log groups it may read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from components.observability import log_group_name
from components.web_firewall.logs import NAME_PREFIX


class Source(StrEnum):
    """Which log groups a query reads."""

    CONTAINERS = "containers"
    """What pods write."""
    POSTGRESQL = "postgresql"
    """The database server that TMI speaks to."""
    REDIS = "redis"
    """Slow commands."""
    KUBERNETES = "kubernetes"
    """The control plane, its audit log among the rest."""
    WEB_FIREWALL = "web firewall"
    """What was refused or counted before it reached TMI."""
    NETWORK = "network"
    """Flow logs."""
    NAMES = "names"
    """Lookups."""


def groups(source: Source, stack_name: str, database_identifier: str) -> tuple[str, ...]:
    """The names of those groups. `database_identifier` is the server's."""
    return {
        Source.CONTAINERS: (log_group_name(stack_name, "application"),),
        Source.POSTGRESQL: (f"/aws/rds/instance/{database_identifier}/postgresql",),
        Source.REDIS: (f"/aws/vendedlogs/elasticache/{stack_name}/slow-log",),
        Source.KUBERNETES: (f"/aws/eks/{stack_name}/cluster",),
        Source.WEB_FIREWALL: (f"{NAME_PREFIX}{stack_name}",),
        Source.NETWORK: (f"/aws/vpc/flow-logs/{stack_name}",),
        Source.NAMES: (f"/aws/route53resolver/{stack_name}",),
    }[source]


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A question to the logs."""

    name: str
    """Where it stands in the list, below the stack's name; a `/` makes a folder."""
    question: str
    """What it answers."""
    source: Source
    """What it reads."""
    lines: tuple[str, ...]
    """Its commands, in order. A word in capitals is for whoever asks to replace."""

    @property
    def text(self) -> str:
        """As Insights takes it."""
        return "\n| ".join(self.lines)


NEWEST: Final = ("sort @timestamp desc", "limit 500")
"""How a list of lines ends."""
