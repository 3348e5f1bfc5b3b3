"""Serves the policy pack to the engine that started this process."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # started from any directory, by path

from policy.pack import Pack  # importable only now
from policy.server import serve

# A pack keeps what it is told until its end: searching for cycles at each 700 new objects finds next to nothing.
gc.set_threshold(100_000)
serve(Pack())
