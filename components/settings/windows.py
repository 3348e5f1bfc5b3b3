"""Windows of the week and of the day, in UTC."""

from __future__ import annotations

from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES: Final = 24 * 60


def minutes(time: str) -> int:
    """Minutes since midnight of a time such as `02:30`."""
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)


def windows_overlap(weekly: str, daily: str) -> bool:
    """Whether a window of the week (`sun:04:00-sun:05:00`) meets a window of every day (`02:00-03:00`)."""
    (first, last), (start, end) = weekly.split("-"), daily.split("-")
    week = len(_DAYS) * _DAY_MINUTES
    opens = _DAYS.index(first[:3]) * _DAY_MINUTES + minutes(first[4:])
    length = (_DAYS.index(last[:3]) * _DAY_MINUTES + minutes(last[4:]) - opens) % week
    until_backup = (minutes(start) - opens) % _DAY_MINUTES
    since_backup = (opens - minutes(start)) % _DAY_MINUTES
    return until_backup < length or since_backup < (minutes(end) - minutes(start)) % _DAY_MINUTES
