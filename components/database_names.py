"""What servers, database and roles of PostgreSQL are called, and the address that is made of it.

Log groups, metrics and the monitoring role of a server go by its name.
"""

from __future__ import annotations

from typing import Final

import pulumi

from components.settings.data import DatabaseSettings

MASTER_USER: Final = "tmi_master"
"""The master of each instance; the bootstrap job alone uses it. A restored server has the one of its source."""
OWNER: Final = "tmi"
"""The role of TMI, which owns its database."""
DATABASE: Final = "tmi"
"""The database that TMI uses."""
PORT: Final = 5432
"""Where every server listens."""


def primary_identifier(stack_name: str, primary: str) -> str:
    """The name of a primary."""
    return f"{stack_name}-{primary}"


def replica_identifier(primary_identifier: str, replica: str) -> str:
    """The name of a replica of a primary."""
    return f"{primary_identifier}-{replica}"


def server_identifiers(stack_name: str, settings: DatabaseSettings) -> tuple[str, ...]:
    """The names of all servers of a stack, sorted."""
    found: list[str] = []
    for primary, instance in settings.instances.items():
        identifier = primary_identifier(stack_name, primary)
        found += [identifier, *(replica_identifier(identifier, replica) for replica in instance.replicas)]
    return tuple(sorted(found))


def connection_url(address: pulumi.Input[str], password: pulumi.Input[str]) -> pulumi.Output[str]:
    """How TMI's own role reaches its database; a secret. TMI reads nothing of a URL but these parts and `sslmode`."""
    url = pulumi.Output.format(
        "postgres://{0}:{1}@{2}:{3}/{4}?sslmode=verify-full", OWNER, password, address, PORT, DATABASE
    )
    return pulumi.Output.secret(url)
