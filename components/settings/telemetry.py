"""Whether TMI's own metrics and traces are collected."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between
from components.settings.model import Section


class NoTelemetry(Section):
    """Logs alone, and what AWS measures from outside."""

    kind: Literal["none"]
    """TMI measures nothing."""


class TelemetryCollector(Section):
    """A collector in each pod sends TMI's metrics to CloudWatch and its traces to X-Ray."""

    kind: Literal["collector"]
    """Its version is `server.images.collector`."""
    sampling_percent: Annotated[int, between(1, 100, "% of the requests")]
    """Of how many requests a trace is kept; X-Ray bills by the trace."""


Telemetry: TypeAlias = Annotated[NoTelemetry | TelemetryCollector, Field(discriminator="kind")]
"""Whether TMI's own metrics and traces are collected."""
