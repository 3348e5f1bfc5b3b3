"""How far anything is from the internet, over the openings of the security groups.

Egress is not looked at: what leaves a group is not counted as closed, so a path is never missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from policy.graph import Graph, Resource
from policy.network.group_roles import Role, assignments
from policy.network.security_groups import NODES, OUTSIDE, Opening, admissions


def paths_from_internet(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """The shortest path to each group the internet reaches, as `internet`, `alb:443`, `pods:8443`, by URN.

    A private address range may be anybody's in the network, so it counts as every group of the stack. Into a balancer's
    group it is where the users are, and a path begins there: those of an internal balancer are not trusted either.
    """
    return graph.once(_paths)


def shown(path: tuple[str, ...]) -> str:
    """A path for people: `internet -> alb:443 -> pods:8443`."""
    return " -> ".join(path)


def _paths(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    everywhere = [node.urn for node in graph.of_type(*sorted(NODES))]
    balancers = {urn for roles in assignments(graph) for urn, held in roles.items() if Role.BALANCER in held}
    doors: dict[str, list[Opening]] = {}
    for admission in admissions(graph):
        for source in _sources(admission, everywhere, balancers):
            doors.setdefault(source, []).append(admission)
    starts = [source for source in doors if source not in graph.resources]
    starts.sort(key=lambda start: start != Role.INTERNET)  # the worst first: equal paths are told from there
    paths: dict[str, tuple[str, ...]] = {}
    queue: deque[tuple[str, tuple[str, ...]]] = deque((start, (start,)) for start in starts)
    while queue:
        here, path = queue.popleft()
        for admission in doors.get(here, ()):
            if admission.group.urn not in paths:
                paths[admission.group.urn] = (*path, f"{admission.group.name}:{admission.port}")
                queue.append((admission.group.urn, paths[admission.group.urn]))
    return paths


def _sources(admission: Opening, everywhere: list[str], balancers: set[str]) -> list[str]:
    """Where the connections of an admission begin: URNs of groups, or a name of what is outside of the stack."""
    if isinstance(admission.peer, Resource):
        return [admission.peer.urn]
    if not admission.private:
        return [Role.INTERNET]
    of_users = admission.group.urn in balancers and admission.peer != OUTSIDE
    return [*everywhere, *([admission.peer] if of_users else [])]
