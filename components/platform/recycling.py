"""Restarts by the clock, of each of TMI's Deployments that needs them."""

from __future__ import annotations

from typing import Final

import pulumi

from components.address_plan import AddressPlan
from components.server.recycling import Recycling, RecyclingArgs
from components.server.roles import Role
from components.server.schedules import hub_schedule, pool_interval, pool_schedule
from components.server.workplace import Workplace
from components.settings import Settings

_HOUR_SECONDS: Final = 3600
_BEFORE_THE_NEXT_SECONDS: Final = 300


def restarts(settings: Settings) -> dict[Role, tuple[str, int]]:
    """What is restarted: when, and how many seconds it may take.

    A pool's restart has the time until the next one; Kubernetes replaces its pods one by one.
    """
    found: dict[Role, tuple[str, int]] = {}
    if schedule := hub_schedule(settings.server.hub_restart):
        found[Role.HUB] = (schedule, _HOUR_SECONDS)
    if hours := pool_interval(settings.server):
        found[Role.POOL] = (pool_schedule(hours), hours * _HOUR_SECONDS - _BEFORE_THE_NEXT_SECONDS)
    return found


def recycling(
    settings: Settings,
    plan: AddressPlan,
    place: Workplace,
    opts: pulumi.ResourceOptions,
) -> None:
    """A job for each Deployment that needs it; made after TMI's server, by `opts`."""
    for role, (schedule, deadline) in restarts(settings).items():
        Recycling(
            f"{role}-recycling",
            RecyclingArgs(
                place=place,
                aws_cli=settings.server.images.aws_cli,
                role=role,
                schedule=schedule,
                deadline_seconds=deadline,
                api_cidrs=(f"{plan.kubernetes_api}/32", *map(str, plan.app.values())),
            ),
            opts,
        )
