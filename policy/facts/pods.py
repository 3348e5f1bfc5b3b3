"""Pods, in whichever kind of object they are written, and what of the rest of a stack is about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.graph import Graph, Resource
from policy.values import UNKNOWN, Plain, elements, read

_IN_TEMPLATE: Final = ("spec", "template", "spec")
POD_SPECS: Final[Mapping[str, tuple[str, ...]]] = {
    "core/v1:Pod": ("spec",),
    "core/v1:PodTemplate": ("template", "spec"),
    "core/v1:ReplicationController": _IN_TEMPLATE,
    **{
        f"{group}:{kind}": _IN_TEMPLATE
        for group in ("apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1")
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
    },
    "batch/v1:Job": _IN_TEMPLATE,
    **{
        f"{group}:CronJob": ("spec", "jobTemplate", "spec", "template", "spec")
        for group in ("batch/v1", "batch/v1beta1", "batch/v2alpha1")
    },
}
"""Where each kind keeps the specification of its pods."""

FORMS: Final = ("", "Patch", "List")
NAMESPACE: Final = "kubernetes:core/v1:Namespace"
CONTAINER_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")
_ENDLESS: Final = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")


def tokens(*kinds: str) -> frozenset[str]:
    """The type tokens of kinds such as `core/v1:Pod`, and of their patches and lists."""
    return frozenset(f"kubernetes:{kind}{form}" for kind in kinds for form in FORMS)


POD_TYPES: Final = tokens(*POD_SPECS)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object of Kubernetes."""

    declared_by: Resource
    """The resource that holds it: itself, a patch of it, or a list that it is in."""
    kind: str
    """Such as `apps/v1:Deployment`."""
    properties: Plain
    whole: bool
    """Whether it says everything; a patch leaves what it does not say as it was."""

    def get(self, *path: str) -> Plain:
        """The value at a path of property names."""
        return read(self.properties, *path)

    @property
    def listed(self) -> bool:
        """Whether it is one of a list."""
        return self.declared_by.type.endswith("List")


def manifests(resource: Resource) -> Iterator[Manifest]:
    """The objects that a resource of Kubernetes holds."""
    kind = resource.type.removeprefix("kubernetes:")
    form = next(form for form in ("List", "Patch", "") if kind.endswith(form))
    for each in elements(resource.get("items")) if form == "List" else [resource.properties]:
        yield Manifest(resource, kind.removesuffix(form), each, form != "Patch")


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod."""

    where: str
    """Its list and its place in it, since a message quotes no name."""
    properties: Plain
    stays: bool
    """Whether it runs as long as its pod does: an ordinary container, or a native side-car."""
    debugs: bool
    """Whether it is an ephemeral container, which has neither probes nor resources."""

    def get(self, *path: str) -> Plain:
        """The value at a path of property names."""
        return read(self.properties, *path)


@dataclass(frozen=True, slots=True)
class Pod:
    """The specification of one pod, or of pods all alike."""

    manifest: Manifest
    spec: Plain
    labels: Plain

    @property
    def endless(self) -> bool:
        """Whether its pods are meant to run on and on."""
        return self.manifest.kind.endswith(_ENDLESS)

    @property
    def holder(self) -> Resource:
        """The resource that declares it."""
        return self.manifest.declared_by

    def containers(self) -> Iterator[Container]:
        """Its containers of every list."""
        for name in CONTAINER_LISTS:
            for number, each in enumerate(elements(read(self.spec, name)), start=1):
                stays = name == "containers" or (name == "initContainers" and read(each, "restartPolicy") == "Always")
                yield Container(f"{name}, number {number}", each, stays, name == "ephemeralContainers")

    def made_from(self, graph: Graph, *types: str) -> list[Resource]:
        """The resources of these types that its object was made from."""
        held_in = "items" if self.manifest.listed else POD_SPECS[self.manifest.kind][0]
        return graph.references(self.holder, held_in, types)

    def labelled(self, **labels: str) -> bool:
        """Whether it carries these of Kubernetes' recommended labels, `name` and `component` among them."""
        return all(read(self.labels, f"app.kubernetes.io/{key}") == value for key, value in labels.items())


def pods(resource: Resource) -> Iterator[Pod]:
    """The pods of a resource of any kind that can hold some; a patch that leaves the pods alone has none."""
    for manifest in manifests(resource):
        path = POD_SPECS[manifest.kind]
        spec = manifest.get(*path)
        if spec is not None or manifest.whole:
            yield Pod(manifest, spec, manifest.get(*path[:-1], "metadata", "labels"))


def workloads(graph: Graph) -> tuple[Pod, ...]:
    """Every pod that a stack declares as a whole."""
    return graph.once(_workloads)


def _workloads(graph: Graph) -> tuple[Pod, ...]:
    found = (pod for resource in graph.of_type(*sorted(POD_TYPES)) for pod in pods(resource))
    return tuple(pod for pod in found if pod.manifest.whole)


def objects(graph: Graph, *kinds: str) -> list[Manifest]:
    """Every object of these kinds that a stack declares as a whole."""
    found = (each for resource in graph.of_type(*sorted(tokens(*kinds))) for each in manifests(resource))
    return [each for each in found if each.whole]


def namespace(graph: Graph, manifest: Manifest) -> str:
    """What identifies the namespace of an object: the URN of one of this stack, else its name.

    Nothing else is in the namespace of an object of which it cannot be told.
    """
    held_in = "items" if manifest.listed else "metadata"
    referred = graph.references(manifest.declared_by, held_in, {NAMESPACE})
    if referred:
        return referred[0].urn
    name = manifest.get("metadata", "namespace")
    if isinstance(name, str) and name:
        return graph.once(_namespaces).get(name, name)
    return "default" if name in (None, "") else f"unknown, of {manifest.declared_by.urn}"


def _namespaces(graph: Graph) -> Mapping[str, str]:
    named = ((each.get("metadata", "name"), each.urn) for each in graph.of_type(NAMESPACE))
    return {name: urn for name, urn in named if isinstance(name, str)}


def in_namespace(graph: Graph, where: str, *kinds: str) -> list[Manifest]:
    """The objects of these kinds in a namespace."""
    return [each for each in objects(graph, *kinds) if namespace(graph, each) == where]


def chosen(labels: Plain, by: Plain) -> bool:
    """Whether a map of labels, as the selector of a Service, is among the labels of a pod; an empty one never is."""
    return isinstance(by, Mapping) and bool(by) and all(_equal(read(labels, key), by[key]) for key in by)


def selected(labels: Plain, by: Plain) -> bool:
    """Whether a selector of labels selects a pod; an empty one selects all, one that cannot be read none."""
    if by is None:
        return True
    if not isinstance(by, Mapping):
        return False
    exact = by.get("matchLabels")
    meets_all = all(_meets(labels, each) for each in elements(by.get("matchExpressions")))
    return meets_all and (exact in (None, {}) or chosen(labels, exact))


def selects_all(selector: Plain) -> bool:
    """Whether a selector of labels is empty."""
    return selector is None or (
        isinstance(selector, Mapping) and all(each in (None, {}, []) for each in selector.values())
    )


def _meets(labels: Plain, expression: Plain) -> bool:
    key, values = read(expression, "key"), elements(read(expression, "values"))
    own = read(labels, key) if isinstance(key, str) else UNKNOWN
    match read(expression, "operator"):
        case "In":
            return any(_equal(own, each) for each in values)
        case "NotIn":
            return own is not UNKNOWN and own not in values
        case "Exists":
            return own is not None
        case "DoesNotExist":
            return own is None
        case _:
            return False


def _equal(one: Plain, other: Plain) -> bool:
    return isinstance(one, str) and one == other
