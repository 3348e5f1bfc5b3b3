"""Rights: what roles of the Kubernetes API allow, and to whom they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import Manifest, manifests, objects, tokens
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import Plain, elements, present, read

_GROUP: Final = "rbac.authorization.k8s.io/v1"
_ROLES: Final = tokens(f"{_GROUP}:Role", f"{_GROUP}:ClusterRole")
_ROLE_TYPES: Final = tuple(f"kubernetes:{_GROUP}:{kind}" for kind in ("Role", "ClusterRole"))
_CLUSTER_ROLE: Final = f"{_GROUP}:ClusterRole"
_BINDING: Final = f"{_GROUP}:RoleBinding"
_CLUSTER_BINDING: Final = f"{_GROUP}:ClusterRoleBinding"

_EVERY: Final = frozenset({"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"})
_WRITE: Final = frozenset({"create", "update", "patch", "delete", "deletecollection"})
_READ: Final = frozenset({"get", "list", "watch"})
_POWERS: Final[Mapping[str, frozenset[str]]] = {
    "nodes/proxy": _EVERY,
    "pods": frozenset({"create"}),
    "pods/exec": frozenset({"create", "get"}),
    "pods/attach": frozenset({"create", "get"}),
    "pods/portforward": frozenset({"create", "get"}),
    "pods/ephemeralcontainers": frozenset({"update", "patch"}),
    "serviceaccounts/token": frozenset({"create"}),
    "persistentvolumes": frozenset({"create"}),
    "certificatesigningrequests/approval": frozenset({"update", "patch"}),
    "validatingwebhookconfigurations": _WRITE,
    "mutatingwebhookconfigurations": _WRITE,
}
"""What leads from a right of the API to more than it says. Source: CIS EKS 4.1.4 and 4.1.8 to 4.1.12; Kubernetes,
Role Based Access Control Good Practices, privilege escalation risks."""
_WORKLOADS: Final = frozenset(
    {"deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs", "deployments/scale"}
)
_CHANGE: Final = frozenset({"update", "patch", "delete", "deletecollection"})
_ESCALATE: Final = frozenset({"escalate", "bind", "impersonate"})

_EVERYBODY: Final = ("system:masters", "system:authenticated", "system:unauthenticated")
_ADMINISTER: Final = ("admin", "edit")


def rights_narrow(resource: Resource) -> Iterator[Violation]:
    """Each rule of a role names what it allows, on what, and which workload it may change."""
    for role in manifests(resource):
        for number, rule in enumerate(elements(role.get("rules")), start=1):
            yield from (Violation(resource, f"rules, number {number}: {fault}") for fault in _wide(rule))


def _wide(rule: Plain) -> Iterator[str]:
    fields = ("verbs", "resources", "apiGroups", "nonResourceURLs", "resourceNames")
    given = [elements(read(rule, name)) for name in fields]
    verbs, resources, *others = ({each for each in values if isinstance(each, str)} for values in given)
    if not verbs or not all(isinstance(each, str) for values in given for each in values):
        yield "it cannot be read"
        return
    if any("*" in each for each in verbs.union(resources, *others)):
        yield "it holds a wildcard"
    if _ESCALATE & verbs:
        yield "escalate, bind and impersonate give more rights than they say"
    if any(_POWERS.get(each, frozenset()) & verbs for each in resources):
        yield "it allows what leads to further rights, such as exec into pods or tokens of accounts"
    if _WORKLOADS & resources and _CHANGE & verbs:
        if not present(read(rule, "resourceNames")):
            yield "it changes workloads without resourceNames"
        if "deletecollection" in verbs:
            yield "deletecollection goes by no name"


def secrets_read_in_place(graph: Graph) -> Iterator[Violation]:
    """No role of the whole cluster reads Secrets, unless it is given in single namespaces only."""
    for role in objects(graph, _CLUSTER_ROLE):
        reads = any(
            "secrets" in elements(read(rule, "resources"))
            and _READ & {str(verb) for verb in elements(read(rule, "verbs"))}
            for rule in elements(role.get("rules"))
        )
        everywhere = any(_gives(graph, each, role) for each in objects(graph, _CLUSTER_BINDING))
        if reads and (everywhere or not any(_gives(graph, each, role) for each in objects(graph, _BINDING))):
            yield Violation(role.declared_by, "it reads the Secrets of every namespace")


def _gives(graph: Graph, binding: Manifest, role: Manifest) -> bool:
    """Whether a binding is for a role of the cluster, by reference or by its name."""
    if role.declared_by in graph.references(binding.declared_by, "roleRef", {role.declared_by.type}):
        return True
    name = role.get("metadata", "name")
    return isinstance(name, str) and (binding.get("roleRef", "kind"), binding.get("roleRef", "name")) == (
        "ClusterRole",
        name,
    )


def bindings_narrow(graph: Graph) -> Iterator[Violation]:
    """Each binding gives less than everything, to somebody in particular."""
    for binding in objects(graph, _BINDING, _CLUSTER_BINDING):
        name = binding.get("roleRef", "name")
        ours = graph.references(binding.declared_by, "roleRef", _ROLE_TYPES)
        if not isinstance(name, str) and not ours:
            yield Violation(binding.declared_by, "roleRef cannot be read")
        everywhere = binding.kind == _CLUSTER_BINDING
        if name == "cluster-admin" or (everywhere and name in _ADMINISTER):
            yield Violation(binding.declared_by, "roleRef names a role that may do everything")
        for number, subject in enumerate(elements(binding.get("subjects")), start=1):
            if _is_anybody(subject):
                yield Violation(binding.declared_by, f"subjects, number {number}: it is nobody in particular")


def _is_anybody(subject: Plain) -> bool:
    kind, name = read(subject, "kind"), read(subject, "name")
    if kind == "ServiceAccount":
        return name == "default"
    if not isinstance(name, str):
        return True
    return name in _EVERYBODY or name == "system:anonymous" or name.startswith("system:serviceaccounts")


RIGHTS_NARROW: Final = ResourceRule(
    about=Description(
        id="rights-narrow",
        title="Roles of the Kubernetes API name what they allow",
        severity=Severity.HIGH,
        frameworks=(
            "CIS EKS 4.1.3",
            "CIS EKS 4.1.4",
            *(f"CIS EKS 4.1.{each}" for each in range(8, 13)),
            "NSA least privilege",
        ),
        why="A pod that is taken over can do what its account can do, and exec or bind are ways to everything else.",
        remediation="Name verbs, groups and resources, and in resourceNames the workload that is changed.",
    ),
    types=_ROLES,
    check=rights_narrow,
)
SECRETS_READ_IN_PLACE: Final = GraphRule(
    about=Description(
        id="secrets-read-in-place",
        title="Nobody reads the Secrets of the whole cluster",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.1.2", "NSA least privilege"),
        why="Among them are those of every other workload, and tokens that lead further.",
        remediation="Allow it by a Role in the namespace, or bind the ClusterRole by RoleBindings alone.",
    ),
    check=secrets_read_in_place,
)
BINDINGS_NARROW: Final = GraphRule(
    about=Description(
        id="bindings-narrow",
        title="Roles are bound to somebody in particular, and none that may do everything",
        severity=Severity.CRITICAL,
        frameworks=("CIS EKS 4.1.1", "CIS EKS 4.1.5", "CIS EKS 4.1.7"),
        why="A role of every account is a role of whatever runs in the cluster.",
        remediation="Bind a role of the workload's own to its own account; administrators come by EKS access entries.",
    ),
    check=bindings_narrow,
)
