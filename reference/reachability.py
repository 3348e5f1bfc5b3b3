"""The page of who reaches whom, out of the matrix of production that was reviewed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from policy.network.layers import Layer, locks
from policy.network.matrix import Row, of_data, paths
from policy.network.verdicts import Verdict
from reference import markdown

RECORDED: Final = Path(__file__).resolve().parents[1] / "tests" / "stacks" / "reachability.jsonl"
"""The matrix of `Pulumi.prod.yaml`, a row a line; `tests/stacks/test_reachability.py` holds it against the program."""
_SHOWN: Final = {Verdict.OPEN: "open", Verdict.CLOSED: "**closed**", Verdict.UNKNOWN: "unknown", Verdict.ABSENT: ""}


def page() -> str:
    """The ways in, the matrix, and what each layer says of each connection."""
    rows = [of_data(json.loads(line)) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    targets = list(dict.fromkeys(row.target for row in rows))
    return markdown.page(
        "# Reachability",
        "Who reaches whom in production, as the policy pack judges it (`policy/network/matrix.py`): a connection is "
        "made only where every layer lets it pass. Each layer is judged as if the others were open, the most open way "
        "through it counts, and what cannot be told is no lock. The rule `data-behind-two-locks` wants two layers at "
        "least before the data. Pods are those that the program declares; add-ons of EKS are not among them. The "
        "public address of the Kubernetes API is none of its network interfaces, of which this page speaks.",
        "## Ways from the internet",
        "The shortest to each place. Whoever takes over a place on the way stands there and no further.",
        "\n".join(f"- {' -> '.join(f'`{step}`' for step in path)}" for path in paths(rows).values()),
        "## Who reaches whom",
        "Ports that are open, else how many layers close them all at least.",
        markdown.table(
            ("from \\ to", *(f"`{target}`" for target in targets)),
            (
                (f"`{source}`", *(_cell(rows, source, target) for target in targets))
                for source in dict.fromkeys(row.source for row in rows)
            ),
        ),
        "## What each layer says",
        "An empty cell: nothing of the layer is in the way. Within a subnet no ACL is asked, so ACLs are open between "
        "places that may share one. Policies are those of the pods at either end.",
        *(block for target in targets for block in _layers([row for row in rows if row.target == target])),
    )


def _cell(rows: Sequence[Row], source: str, target: str) -> str:
    found = [row for row in rows if (row.source, row.target) == (source, target)]
    if not found:
        return ""
    passed = ", ".join(str(row.port) for row in found if row.open)
    fewest = min(len(locks(row.verdicts)) for row in found)
    return passed or f"{fewest} lock{'s' if fewest > 1 else ''}"


def _layers(rows: Sequence[Row]) -> Iterator[str]:
    for port, on_port in groupby(sorted(rows, key=lambda row: row.port), lambda row: row.port):
        alike: dict[tuple[Verdict, ...], list[str]] = {}
        for row in on_port:
            alike.setdefault(tuple(row.verdicts[layer] for layer in Layer), []).append(f"`{row.source}`")
        yield f"### `{rows[0].target}`, port {port}"
        yield markdown.table(
            ("from", *Layer),
            ((", ".join(sources), *(_SHOWN[verdict] for verdict in verdicts)) for verdicts, sources in alike.items()),
        )
