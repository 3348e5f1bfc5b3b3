"""What RDS calls the servers of PostgreSQL; their log groups, metrics and monitoring role go by these names."""

from __future__ import annotations

from components.settings.sections import DatabaseSettings


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
