from __future__ import annotations

import gc
import logging
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def forget_failed_programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop quietly, after each test, what the SDK leaves of a program that failed: an open event loop and its tasks.

    `pulumi.automation._server` cancels what is pending and trips over the first task that ends with another error than
    its cancellation, before it closes the loop. The collector must not meet the remains in the middle of something
    else, where Python would report them.
    """
    asyncio_log = logging.getLogger("asyncio")
    gc.disable()
    yield
    with warnings.catch_warnings(), monkeypatch.context() as patch:
        warnings.simplefilter("ignore", ResourceWarning)
        patch.setattr(sys, "unraisablehook", lambda _unraisable: None)
        patch.setattr(asyncio_log, "disabled", True)
        gc.collect()
    gc.enable()
