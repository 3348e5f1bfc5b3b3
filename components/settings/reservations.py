"""What the pods of TMI's namespace reserve, and how many of them there may be at once.

Plain figures, below the stack file's rules: these compare them with what the nodes may have, the namespace's quotas
leave room for them, and the pods themselves are made with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from components import timeouts
from components.capacity import SURGE
from components.settings.resources import ResourceSettings
from components.settings.telemetry import NoTelemetry, Telemetry
from components.settings.topology import HubAndPoolTopology, Topology

STOPPING: Final = -(-timeouts.GRACE // timeouts.MIN_READY)
"""Pods of the pool that may still stop while a rollout goes on: it takes one away each time that a new one has been
ready for so long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """What a container or a pod reserves."""

    cpu_millis: int
    """In thousandths of a vCPU."""
    memory_mib: int
    """In MiB; it may use no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pods:
    """Pods of one kind that may be there at once."""

    count: int
    """How many."""
    each: Reservation
    """What each reserves."""


PROXY: Final = Reservation(cpu_millis=100, memory_mib=256)
"""HAProxy beside TMI."""
COLLECTOR: Final = Reservation(cpu_millis=50, memory_mib=256)
"""The OpenTelemetry Collector beside TMI, where there is one."""
BOOTSTRAP: Final = Reservation(cpu_millis=100, memory_mib=128)
"""psql, which makes database and roles."""
DUMP: Final = Reservation(cpu_millis=100, memory_mib=256)
"""pg_dump; it may take what processor the node has left."""
UPLOAD: Final = Reservation(cpu_millis=100, memory_mib=512)
"""The AWS CLI, which holds several parts of an upload, 16 MiB each, beside itself."""
TRIMMING: Final = Reservation(cpu_millis=50, memory_mib=64)
"""openssl, which speaks to Redis."""
RESTART: Final = Reservation(cpu_millis=50, memory_mib=64)
"""curl and jq, which speak to the Kubernetes API."""


def together(*containers: Reservation) -> Reservation:
    """A pod with these containers."""
    return Reservation(
        cpu_millis=sum(each.cpu_millis for each in containers), memory_mib=sum(each.memory_mib for each in containers)
    )


JOBS: Final[Mapping[str, Pods]] = MappingProxyType(
    {
        # While it is made anew, the one before may still be there.
        "database-bootstrap": Pods(count=2, each=BOOTSTRAP),
        "database-dump": Pods(count=1, each=together(DUMP, UPLOAD)),
        "stream-trimming": Pods(count=1, each=TRIMMING),
        "hub-recycling": Pods(count=1, each=RESTART),
        "pool-recycling": Pods(count=1, each=RESTART),
    }
)
"""What runs beside TMI, by its label `app.kubernetes.io/component`. A new job needs a line here, or it is refused."""


def tmi_pod(tmi: ResourceSettings, telemetry: Telemetry) -> Reservation:
    """A pod of TMI; `tmi` is what TMI itself reserves."""
    beside = [PROXY] if isinstance(telemetry, NoTelemetry) else [PROXY, COLLECTOR]
    return together(Reservation(cpu_millis=tmi.cpu_millis, memory_mib=tmi.memory_mib), *beside)


def hub_pods(hub: ResourceSettings, telemetry: Telemetry) -> Pods:
    """The one that starts, and one that still stops: of a node that was lost nobody knows whether it has."""
    return Pods(count=2, each=tmi_pod(hub, telemetry))


def other_pods(topology: Topology, telemetry: Telemetry) -> Sequence[Pods]:
    """The pool at its largest in the middle of a rollout, and all jobs."""
    if not isinstance(topology, HubAndPoolTopology):
        return tuple(JOBS.values())
    pool = Pods(count=topology.pool.maximum + SURGE + STOPPING, each=tmi_pod(topology.pool.resources, telemetry))
    return (pool, *JOBS.values())


def total(pods: Sequence[Pods]) -> Reservation:
    """What all of them reserve."""
    return together(*(kind.each for kind in pods for _ in range(kind.count)))
