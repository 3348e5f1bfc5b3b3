"""Serves the policy pack to the engine that started this process."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # started from any directory, by path

from policy.pack import serve  # importable only now

serve()
