"""Documents of rights that give too much."""

from __future__ import annotations

import json
from typing import Final


def _document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


EVERYTHING: Final = _document(Action="*", Resource="*")
"""A role that may do anything."""
EVERYBODY: Final = _document(Principal="*", Action="*", Resource="*")
"""A resource that admits anybody to anything."""
TRUSTS_EVERYBODY: Final = _document(Principal="*", Action="sts:AssumeRole")
"""A role that anybody may take on."""
NO_DOCUMENT: Final = "{"
"""What cannot be read."""
