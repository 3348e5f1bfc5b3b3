"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Tests do not time: how long an example takes is the machine's business.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
