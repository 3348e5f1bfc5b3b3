"""What Go has to know about a container, since it finds out by itself only in part."""

from __future__ import annotations

from typing import Final

from components.settings.resources import ResourceSettings

_MEMORY_PERCENT: Final = 90
"""Of the limit: where Go collects harder, before the kernel kills. The rest is stacks and what Go does not count."""
_MILLIS: Final = 1000


def go_limits(resources: ResourceSettings) -> dict[str, str]:
    """Variables of Go's runtime for a container with these resources.

    As many threads at once as vCPUs are reserved, since more would only wait for each other once the node is full. A
    container has no limit of the processor, so Go would otherwise count all processors of the node.
    """
    return {
        "GOMAXPROCS": str(max(1, resources.cpu_millis // _MILLIS)),
        "GOMEMLIMIT": f"{resources.memory_mib * _MEMORY_PERCENT // 100}MiB",
    }
