"""Serves the policy pack to the engine that started this process."""

from __future__ import annotations

import gc
import importlib.util
import sys
from pathlib import Path

# Found by its place: a copy may be called anything, and what lies beside it may be called as modules of Python are.
_HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("policy", _HERE / "__init__.py", submodule_search_locations=[str(_HERE)])
assert _spec  # noqa: S101 -- there is always one for a file
sys.modules["policy"] = importlib.util.module_from_spec(_spec)

from policy.pack import Pack  # noqa: E402 -- importable only now
from policy.server import serve  # noqa: E402

# A pack keeps what it is told until its end: searching for cycles at each 700 new objects finds next to nothing.
gc.set_threshold(100_000)
serve(Pack())
