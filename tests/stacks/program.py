"""The program itself, recorded for each stack of the project."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from functools import cache

from tests.cloud import Cloud, run
from tests.stack_files import GIVEN_SECRETS, ROOT, document


def record(whole: object, *, stack: str, preview: bool = False, secrets: Mapping[str, object] = GIVEN_SECRETS) -> Cloud:
    """`__main__.py` with that document as `tmi:stack`."""
    return run(
        lambda: runpy.run_path(str(ROOT / "__main__.py")),
        stack=stack,
        config={"tmi:stack": whole},
        secrets=secrets,
        preview=preview,
    )


@cache
def recorded(stack: str, *, preview: bool = False) -> Cloud:
    """`__main__.py` with the committed file of `stack`; recorded once, so tests only read it."""
    return record(document(stack), stack=stack, preview=preview)
