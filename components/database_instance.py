"""What a server of PostgreSQL is to those who watch it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseInstance:
    """A server of PostgreSQL, for who watches it."""

    identifier: pulumi.Input[str]
    """Its name in RDS and the dimension of its metrics."""
    resource_id: pulumi.Input[str]
    """What RDS itself calls it, and Database Insights."""
    replica: bool
    """Whether it follows a primary."""
    instance_class: str
    """Its class."""
    storage_gib: int
    """The storage it started with, in GiB."""
