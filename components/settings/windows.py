"""Windows of the week and of the day, in UTC."""

from __future__ import annotations

from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES: Final = 24 * 60
_WEEK_MINUTES: Final = len(_DAYS) * _DAY_MINUTES


def minutes(time: str) -> int:
    """Minutes since midnight of a time such as `02:30`."""
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)


def length_minutes(weekly: str) -> int:
    """How long a window of the week is, in minutes; none if it ends when it begins."""
    first, last = weekly.split("-")
    return (_of_the_week(last) - _of_the_week(first)) % _WEEK_MINUTES


def rest_of_the_week(weekly: str) -> tuple[str, str]:
    """All the time outside a window of the week, as a cron schedule and the duration from each of its times.

    Source: Karpenter documentation, NodePool disruption budgets: five fields, in UTC; hours and minutes alone.
    """
    _, last = weekly.split("-")
    hours, rest = divmod(_WEEK_MINUTES - length_minutes(weekly), 60)
    minute, hour, day = minutes(last[4:]) % 60, minutes(last[4:]) // 60, (_DAYS.index(last[:3]) + 1) % len(_DAYS)
    return f"{minute} {hour} * * {day}", f"{hours}h{rest}m"


def _of_the_week(time: str) -> int:
    """Minutes since Monday's midnight of a time such as `sun:04:00`."""
    return _DAYS.index(time[:3]) * _DAY_MINUTES + minutes(time[4:])


def windows_overlap(weekly: str, daily: str) -> bool:
    """Whether a window of the week (`sun:04:00-sun:05:00`) meets a window of every day (`02:00-03:00`)."""
    (first, _), (start, end) = weekly.split("-"), daily.split("-")
    opens, length = _of_the_week(first), length_minutes(weekly)
    until_backup = (minutes(start) - opens) % _DAY_MINUTES
    since_backup = (opens - minutes(start)) % _DAY_MINUTES
    return until_backup < length or since_backup < (minutes(end) - minutes(start)) % _DAY_MINUTES
