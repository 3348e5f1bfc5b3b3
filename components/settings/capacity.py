"""What load a stack expects, and when TMI's one pod may be restarted for it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import Weekday
from components.settings.constraints import between
from components.settings.model import Section
from components.settings.vocabulary import DailyTime


class ExpectedLoadSettings(Section):
    """Authenticated requests of the busiest hour, by who serves them: pods are sized by them, and TMI leaks by them.

    The load balancer counts them: `RequestCount` of each target group, summed by the minute, in CloudWatch.
    """

    hub_requests_per_minute: Annotated[int, between(1, 60_000, "requests a minute")]
    """To the hub's routes: logins, collaboration, writes to diagrams."""
    other_requests_per_minute: Annotated[int, between(1, 600_000, "requests a minute")]
    """To all other routes. With topology `single` the one pod serves these as well."""


class NoRestart(Section):
    """It runs until it is deployed anew or its node is replaced."""

    kind: Literal["none"]
    """Never by the clock: for versions of TMI that do not leak."""


class DailyRestart(Section):
    """Once a day."""

    kind: Literal["daily"]
    """Every day."""
    time: DailyTime
    """When, in UTC: an hour in which nobody works together, since a restart ends live sessions and logins under way."""


class WeeklyRestart(Section):
    """Once a week."""

    kind: Literal["weekly"]
    """Every week."""
    day: Weekday
    """On which day, in UTC."""
    time: DailyTime
    """When, in UTC: an hour in which nobody works together, since a restart ends live sessions and logins under way."""


HubRestart: TypeAlias = Annotated[NoRestart | DailyRestart | WeeklyRestart, Field(discriminator="kind")]
"""When the pod that holds live sessions is restarted: the hub, or with topology `single` the only one."""
