"""Replication: what must never run twice does not, what runs many times over never runs short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.pods import Manifest, Pod, namespace, objects, selected, workloads
from policy.graph import Graph
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import Plain, elements, present, read

_DEPLOYMENT: Final = "apps/v1:Deployment"
_AUTOSCALERS: Final = tuple(
    f"autoscaling/{version}:HorizontalPodAutoscaler" for version in ("v1", "v2", "v2beta1", "v2beta2")
)
_BUDGETS: Final = tuple(f"policy/{version}:PodDisruptionBudget" for version in ("v1", "v1beta1"))
_FEWEST: Final = 2
_SPREADS: Final = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")


def hub_alone(graph: Graph) -> Iterator[Violation]:
    """Of TMI runs one process, or one hub and a pool: the hub is the Deployment that is not the pool's."""
    hubs: dict[str, list[Pod]] = {}
    for pod in _of_tmi(graph):
        if not pod.labelled(component="pool"):
            hubs.setdefault(namespace(graph, pod.manifest), []).append(pod)
    for pod in (pod for found in hubs.values() for pod in found):
        if pod.manifest.get("spec", "replicas") != 1:  # absent: 1, but also whatever somebody scaled it to
            yield Violation(pod.holder, "spec.replicas must be 1")
        if pod.manifest.get("spec", "strategy", "type") != "Recreate":  # absent: RollingUpdate
            yield Violation(pod.holder, "spec.strategy.type must be Recreate, or two run at each update")
        for scaler in _scalers(graph, pod):
            yield Violation(scaler.declared_by, f"it scales {pod.holder.name}, of which two must never run")
    for found in hubs.values():
        for pod in found[1:]:
            yield Violation(pod.holder, f"{found[0].holder.name} is a hub of the same namespace; there must be one")


def pool_lossless(graph: Graph) -> Iterator[Violation]:
    """TMI's pool has two members or more, over zones and nodes, and loses none to an update or a drained node."""
    for pod in _of_tmi(graph):
        if pod.labelled(component="pool"):
            yield from (Violation(pod.holder, fault) for fault in _lossy(graph, pod))


def _lossy(graph: Graph, pod: Pod) -> Iterator[str]:
    strategy = pod.manifest.get("spec", "strategy")
    surge, missing = (read(strategy, "rollingUpdate", name) for name in ("maxSurge", "maxUnavailable"))
    if read(strategy, "type") not in (None, "RollingUpdate") or missing not in (0, "0%") or surge in (None, 0, "0%"):
        yield "spec.strategy must be RollingUpdate with maxUnavailable 0 and a maxSurge"
    scalers = _scalers(graph, pod)
    if not all(isinstance(each, int) and each >= _FEWEST for each in _counts(pod, scalers)):  # absent: 1
        yield f"it must have {_FEWEST} members or more, by minReplicas of its autoscaler or by replicas"
    if scalers and pod.manifest.get("spec", "replicas") is not None:
        yield "spec.replicas must be left to its autoscaler, which each update would undo"
    if not any(_covers(graph, each, pod) for each in objects(graph, *_BUDGETS)):
        yield "no PodDisruptionBudget selects it"
    spreads = [
        read(each, "topologyKey")
        for each in elements(read(pod.spec, "topologySpreadConstraints"))
        if read(each, "whenUnsatisfiable") in ("DoNotSchedule", "ScheduleAnyway")
        and present(read(each, "labelSelector"))
        and selected(pod.labels, read(each, "labelSelector"))
    ]
    for key in _SPREADS:
        if key not in spreads:
            yield f"topologySpreadConstraints must spread its members over {key}, and say what if they cannot"


def evictions_possible(graph: Graph) -> Iterator[Violation]:
    """Each budget lets a pod go at a time: one that lets none go stops the renewal of nodes."""
    for budget in objects(graph, *_BUDGETS):
        least, most = (budget.get("spec", name) for name in ("minAvailable", "maxUnavailable"))
        if most in (0, "0%") or least == "100%" or (least is None and most is None):
            yield Violation(budget.declared_by, "it lets no pod be evicted")
        for pod in workloads(graph):
            if isinstance(least, int) and _covers(graph, budget, pod):
                count = min(
                    (each for each in _counts(pod, _scalers(graph, pod)) if isinstance(each, int)),
                    default=1,  # of a Deployment and of an autoscaler that do not say
                )
                if count <= least:
                    yield Violation(budget.declared_by, f"it lets no pod of {pod.holder.name} be evicted")


def _counts(pod: Pod, scalers: list[Manifest]) -> list[Plain]:
    """How many there are at least: the autoscalers say, where there are any."""
    return [each.get("spec", "minReplicas") for each in scalers] or [pod.manifest.get("spec", "replicas")]


def _of_tmi(graph: Graph) -> list[Pod]:
    """TMI's Deployments."""
    return [pod for pod in workloads(graph) if pod.manifest.kind == _DEPLOYMENT and pod.labelled(name="tmi")]


def _scalers(graph: Graph, pod: Pod) -> list[Manifest]:
    """The autoscalers of a workload, by reference or by name."""
    kind, name = pod.manifest.kind.rpartition(":")[2], pod.manifest.get("metadata", "name")
    where = namespace(graph, pod.manifest)
    return [
        each
        for each in objects(graph, *_AUTOSCALERS)
        if namespace(graph, each) == where
        and (
            pod.holder in graph.references(each.declared_by, "spec", {pod.holder.type})
            or (
                isinstance(name, str)
                and (each.get("spec", "scaleTargetRef", "kind"), each.get("spec", "scaleTargetRef", "name"))
                == (kind, name)
            )
        )
    ]


def _covers(graph: Graph, budget: Manifest, pod: Pod) -> bool:
    """Whether a disruption budget is about a workload."""
    selector = budget.get("spec", "selector")
    together = namespace(graph, budget) == namespace(graph, pod.manifest)
    return together and selector is not None and selected(pod.labels, selector)


HUB_ALONE: Final = GraphRule(
    about=Description(
        id="hub-alone",
        title="TMI's hub runs once, and never twice at once",
        severity=Severity.CRITICAL,
        frameworks=("WA REL05",),
        why="TMI keeps collaboration sessions, logins and edit guards in its process: two hubs split them, and lose "
        "edits.",
        remediation="Give the Deployment replicas 1 and strategy Recreate, no autoscaler, and every other Deployment "
        "of TMI the label app.kubernetes.io/component=pool.",
    ),
    check=hub_alone,
)
POOL_LOSSLESS: Final = GraphRule(
    about=Description(
        id="pool-lossless",
        title="TMI's pool outlives an update, a node and a zone",
        severity=Severity.HIGH,
        frameworks=("WA REL10", "WA REL11"),
        why="All but the hub's routes are the pool's: with no member left they answer 503.",
        remediation="Roll with a surge, keep two members, spread them over zones and nodes, and give them a budget.",
    ),
    check=pool_lossless,
)
EVICTIONS_POSSIBLE: Final = GraphRule(
    about=Description(
        id="evictions-possible",
        title="Disruption budgets let one pod go at a time",
        severity=Severity.MEDIUM,
        frameworks=("WA REL05", "WA SEC06"),
        why="A node that cannot be drained keeps its old system, until it is ended with all that runs on it.",
        remediation="Set maxUnavailable to 1, and give what runs once no budget.",
    ),
    check=evictions_possible,
)
