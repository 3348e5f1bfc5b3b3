"""How many pods of TMI share the work."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between
from components.settings.model import Section
from components.settings.resources import ResourceSettings


class SingleTopology(Section):
    """One pod, replaced in another zone when it dies: nothing is shared, and a restart interrupts everybody."""

    kind: Literal["single"]
    """The one pod of TMI, the hub, answers everything."""


class PoolSettings(Section):
    """The pods beside the hub. They are alike, hold nothing that could be lost, and come and go with the load."""

    minimum: Annotated[int, between(2, 20, "pods")]
    """How many there are at least: two, so that one can be replaced."""
    maximum: Annotated[int, between(2, 20, "pods")]
    """How many there are at most. Each may open connections to PostgreSQL, whose instance class has to allow them."""
    resources: ResourceSettings
    """What each of them may use."""
    cpu_target_percent: Annotated[int, between(30, 90, "% of the reserved processor")]
    """How busy they are on average before another one comes."""
    memory_target_percent: Annotated[int, between(50, 95, "% of the memory")]
    """How full they are on average before another one comes. TMI's leak raises it from restart to restart: it is there
    for a load that needs memory, so keep it well above what a pod has when its restart is due."""


class HubAndPoolTopology(Section):
    """One pod for what TMI keeps in its process, the hub, and a pool of pods for all the rest."""

    kind: Literal["hub_and_pool"]
    """`server.resources` is what the hub may use. While it is replaced, logins and collaboration wait; the rest goes
    on."""
    pool: PoolSettings
    """The pods beside the hub."""


Topology: TypeAlias = Annotated[SingleTopology | HubAndPoolTopology, Field(discriminator="kind")]
"""How many pods share the work, and how."""
