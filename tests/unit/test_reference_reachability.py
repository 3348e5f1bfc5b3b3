"""The page of reachability tells what the recorded matrix holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reference import reachability

LAYERS = ("source's groups", "target's groups", "routes", "network ACLs", "network policies")


def row(source: str, target: str, port: int, *verdicts: str) -> str:
    layers = dict(zip(LAYERS, verdicts, strict=True))
    return json.dumps({"source": source, "target": target, "port": port, "layers": layers})


def test_a_cell_shows_open_ports_else_the_fewest_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = tmp_path / "matrix.jsonl"
    passed, shut = ("open",) * 5, ("closed", "closed", "open", "open", "absent")
    rows = [
        row("internet", "balancer", 80, *shut),
        row("internet", "balancer", 443, *passed),
        row("internet", "data", 5432, *shut),
        row("balancer", "data", 5432, "closed", "unknown", *passed[:3]),
        row("nodes", "data", 5432, *shut),
    ]
    recorded.write_text("\n".join(rows))
    monkeypatch.setattr(reachability, "RECORDED", recorded)
    page = reachability.page()
    assert "| `internet` | 443 | 2 locks |" in page
    assert "| `balancer` |  | 1 lock |" in page
    assert "- `internet` -> `balancer:443`" in page
    assert "### `data`, port 5432" in page
    assert "| `internet`, `nodes` | **closed** | **closed** | open | open |  |" in page
    assert "| `balancer` | **closed** | unknown | open | open | open |" in page
