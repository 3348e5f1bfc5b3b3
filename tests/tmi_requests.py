"""Real requests to TMI and who answers them, from the table beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.server.routes import Destination

_IDENTIFIER: Final = "0f0e4f3c-7f0a-4a53-9a2e-3c1f5b7d9e11"
_NAMES: Final = {"idp": "corporate", "key": "owner", "provider": "corporate", "provider_id": "google_drive"}
"""What stands in a path for a parameter that is no UUID."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and who answers it where a pool stands beside the hub."""

    method: str
    path: str
    destination: Destination

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _request(line: str) -> Request:
    method, template, destination = line.split(" ")
    path = re.sub(r"\{(\w+)\}", lambda found: _NAMES.get(found[1], _IDENTIFIER), template)
    return Request(method, path, Destination(destination))


REQUESTS: Final = tuple(
    _request(line)
    for line in Path(__file__).with_suffix(".txt").read_text().splitlines()
    if line and not line.startswith("#")
)
"""Every operation of TMI's description, what is outside it, and requests that nearly are one of these."""
