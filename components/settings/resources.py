"""What a pod of TMI may use."""

from __future__ import annotations

from typing import Annotated

from components.settings.constraints import between
from components.settings.model import Section


class ResourceSettings(Section):
    """What one pod of TMI may use."""

    cpu_millis: Annotated[int, between(250, 16_000, "thousandths of a vCPU")]
    """What is reserved for TMI; it may use more where the node has it."""
    memory_mib: Annotated[int, between(512, 65_536, "MiB")]
    """Reserved, and the limit. TMI leaks 52 MB per 10,000 authenticated requests: leave room until the next restart."""
