"""The reachability matrix of a stack: every pair of places, port by port, with what each layer says."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from policy.graph import Graph
from policy.network.group_roles import Role, assignments
from policy.network.layers import Layer, judgements, locks
from policy.network.places import places
from policy.network.verdicts import Verdict
from policy.values import Plain


@dataclass(frozen=True, slots=True)
class Row:
    """TCP connections of one place to a port of another."""

    source: str
    target: str
    port: int
    verdicts: Mapping[Layer, Verdict]

    @property
    def open(self) -> bool:
        """Whether they are made; what cannot be told may be."""
        return not locks(self.verdicts)


def matrix(graph: Graph) -> tuple[Row, ...]:
    """Every row of a stack; where a NodeClass leaves open which group is the pods', a layer may be unknown for it."""
    return graph.once(_matrix)


def _matrix(graph: Graph) -> tuple[Row, ...]:
    first, *others = [_rows(graph, number) for number in range(len(assignments(graph)))]
    return tuple(
        replace(row, verdicts={layer: _agreed([each.verdicts[layer] for each in (row, *alike)]) for layer in Layer})
        for row, *alike in zip(first, *others, strict=True)
    )


def _agreed(verdicts: Sequence[Verdict]) -> Verdict:
    return verdicts[0] if len(set(verdicts)) == 1 else Verdict.UNKNOWN


def _rows(graph: Graph, number: int) -> list[Row]:
    found = places(graph, assignments(graph)[number])
    return [
        Row(source.name, target.name, port, dict(judgements(graph, source, target, port)))
        for source in found
        for target in found
        if source is not target
        for port in target.ports
    ]


def paths(rows: Sequence[Row]) -> Mapping[str, tuple[str, ...]]:
    """The shortest way from the internet to each place that it reaches, as `internet` and `balancer alb:80,443`."""
    ports: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        if row.open:
            ports.setdefault(row.source, {}).setdefault(row.target, []).append(row.port)
    found: dict[str, tuple[str, ...]] = {Role.INTERNET: (Role.INTERNET,)}
    queue: deque[str] = deque(found)
    while queue:
        here = queue.popleft()
        for target, on in ports.get(here, {}).items():
            if target not in found:
                found[target] = (*found[here], f"{target}:{','.join(map(str, on))}")
                queue.append(target)
    return {place: path for place, path in found.items() if place != Role.INTERNET}


def as_data(row: Row) -> Mapping[str, Plain]:
    """A row for a machine: what a report of a stack's posture keeps."""
    layers: Mapping[str, Plain] = {str(layer): str(verdict) for layer, verdict in row.verdicts.items()}
    return {"source": row.source, "target": row.target, "port": row.port, "open": row.open, "layers": layers}


def of_data(data: Mapping[str, Any]) -> Row:
    """The row that was written so."""
    verdicts = {Layer(layer): Verdict(verdict) for layer, verdict in data["layers"].items()}
    return Row(data["source"], data["target"], data["port"], verdicts)
