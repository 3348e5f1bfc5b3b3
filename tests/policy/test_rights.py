"""Rights: what a role says, and to whom it is given."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.cluster.rights import BINDINGS_NARROW, RIGHTS_NARROW, SECRETS_READ_IN_PLACE
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource
from tests.policy.pods import faults

GROUP = "kubernetes:rbac.authorization.k8s.io/v1"
WILD = "it holds a wildcard"
GROWS = "escalate, bind and impersonate give more rights than they say"
FURTHER = "it allows what leads to further rights, such as exec into pods or tokens of accounts"
NAMELESS = "it changes workloads without resourceNames"


def role(*rules: Plain, kind: str = "Role", name: Plain = "it") -> Resource:
    return resource(f"{GROUP}:{kind}", "role", {"metadata": {"name": name}, "rules": list(rules)})


def rule(verbs: Plain, resources: Plain, groups: Plain = ("",), **more: Plain) -> Plain:
    return {"verbs": verbs, "resources": resources, "apiGroups": groups, **more}


@pytest.mark.parametrize("kind", ["Role", "ClusterRole", "RolePatch", "ClusterRolePatch"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (rule(["get", "list"], ["configmaps"]), []),
        (rule(["get", "patch"], ["deployments"], ["apps"], resourceNames=["tmi-pool"]), []),
        (rule(["get"], ["pods/log"]), []),
        ({"verbs": ["get"], "nonResourceURLs": ["/metrics"]}, []),
        (rule(["*"], ["configmaps"]), [WILD]),
        (rule(["get"], ["*"]), [WILD]),
        (rule(["get"], ["*/scale"]), [WILD]),
        (rule(["get"], ["pods"], ["*"]), [WILD]),
        ({"verbs": ["get"], "nonResourceURLs": ["/*"]}, [WILD]),
        (rule(["bind"], ["roles"]), [GROWS]),
        (rule(["escalate"], ["roles"]), [GROWS]),
        (rule(["impersonate"], ["users"]), [GROWS]),
        (rule(["create"], ["pods/exec"]), [FURTHER]),
        (rule(["create"], ["serviceaccounts/token"]), [FURTHER]),
        (rule(["get"], ["nodes/proxy"]), [FURTHER]),
        (rule(["create"], ["pods"]), [FURTHER]),
        (rule(["patch"], ["mutatingwebhookconfigurations"]), [FURTHER]),
        (rule(["get"], ["mutatingwebhookconfigurations"]), []),
        (rule(["patch"], ["deployments"], ["apps"]), [NAMELESS]),
        (rule(["delete"], ["jobs"], ["batch"], resourceNames=[]), [NAMELESS]),
        (rule(["deletecollection"], ["jobs"], ["batch"], resourceNames=["x"]), ["deletecollection goes by no name"]),
        (rule(["create"], ["jobs"], ["batch"]), []),
        (rule(["patch"], ["deployments"], ["apps"], resourceNames=[UNKNOWN]), ["it cannot be read"]),
        (rule(UNKNOWN, ["pods"]), ["it cannot be read"]),
        (rule(["get"], UNKNOWN), ["it cannot be read"]),
        (rule([], ["pods"]), ["it cannot be read"]),
        (rule(None, ["pods"]), ["it cannot be read"]),
        (rule(["get"], [7]), ["it cannot be read"]),
        (UNKNOWN, ["it cannot be read"]),
        ("all", ["it cannot be read"]),
    ],
)
def test_a_role(kind: str, given: Plain, expected: list[str]) -> None:
    found = faults(RIGHTS_NARROW, role(rule(["get"], ["configmaps"]), given, kind=kind))
    assert found == [f"rules, number 2: {fault}" for fault in expected]


def test_a_role_without_rules_or_with_unknown_ones() -> None:
    assert faults(RIGHTS_NARROW, resource(f"{GROUP}:Role", "it", {})) == []
    found = faults(RIGHTS_NARROW, resource(f"{GROUP}:Role", "it", {"rules": UNKNOWN}))
    assert found == ["rules, number 1: it cannot be read"]


def binding(kind: str = "RoleBinding", name: Plain = "it", of: str = "ClusterRole", *subjects: Plain) -> Resource:
    properties: dict[str, Plain] = {"roleRef": {"kind": of, "name": name}, "subjects": list(subjects)}
    return resource(f"{GROUP}:{kind}", kind, properties)


WATCHES = role(rule(["list", "watch"], ["secrets"]), kind="ClusterRole")


@pytest.mark.parametrize(
    ("around", "passes"),
    [
        ([], False),
        ([binding()], True),
        ([binding("ClusterRoleBinding")], False),
        ([binding(), binding("ClusterRoleBinding")], False),
        ([binding(name="other")], False),
        ([binding(of="Role")], False),
        ([binding(name=UNKNOWN)], False),
        ([made_from(binding(name=UNKNOWN), "roleRef", WATCHES)], True),
        ([made_from(binding("ClusterRoleBinding", UNKNOWN), "roleRef", WATCHES)], False),
    ],
)
def test_secrets_of_every_namespace(around: list[Resource], *, passes: bool) -> None:
    message = "it reads the Secrets of every namespace"
    assert faults(SECRETS_READ_IN_PLACE, WATCHES, *around) == ([] if passes else [message])


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        (rule(["create", "update"], ["secrets"]), True),
        (rule(["get"], ["configmaps"]), True),
        (rule(["get"], ["configmaps", "secrets"]), False),
        (rule([UNKNOWN, "get"], ["secrets"]), False),
        (UNKNOWN, True),
    ],
)
def test_what_reads_secrets(given: Plain, *, passes: bool) -> None:
    assert (faults(SECRETS_READ_IN_PLACE, role(given, kind="ClusterRole")) == []) is passes
    assert faults(SECRETS_READ_IN_PLACE, role(given)) == []


EVERYTHING = "roleRef names a role that may do everything"


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("RoleBinding", "tmi", []),
        ("RoleBinding", "edit", []),
        ("ClusterRoleBinding", "view", []),
        ("RoleBinding", "cluster-admin", [EVERYTHING]),
        ("ClusterRoleBinding", "cluster-admin", [EVERYTHING]),
        ("ClusterRoleBinding", "admin", [EVERYTHING]),
        ("ClusterRoleBinding", "edit", [EVERYTHING]),
        ("RoleBinding", UNKNOWN, ["roleRef cannot be read"]),
        ("RoleBinding", None, ["roleRef cannot be read"]),
        ("RoleBinding", 7, ["roleRef cannot be read"]),
    ],
)
def test_what_is_bound(kind: str, name: Plain, expected: list[str]) -> None:
    assert faults(BINDINGS_NARROW, binding(kind, name)) == expected


def test_a_role_of_the_stack_is_known_by_reference() -> None:
    assert faults(BINDINGS_NARROW, WATCHES, made_from(binding(name=UNKNOWN), "roleRef", WATCHES)) == []


@pytest.mark.parametrize(
    ("subject", "passes"),
    [
        ({"kind": "ServiceAccount", "name": "tmi"}, True),
        ({"kind": "ServiceAccount", "name": UNKNOWN}, True),
        ({"kind": "Group", "name": "operators"}, True),
        ({"kind": "ServiceAccount", "name": "default"}, False),
        ({"kind": "Group", "name": "system:masters"}, False),
        ({"kind": "Group", "name": "system:authenticated"}, False),
        ({"kind": "Group", "name": "system:unauthenticated"}, False),
        ({"kind": "Group", "name": "system:serviceaccounts:tmi"}, False),
        ({"kind": "User", "name": "system:anonymous"}, False),
        ({"kind": "Group", "name": UNKNOWN}, False),
        ({"kind": "Group"}, False),
        (UNKNOWN, False),
        ("tmi", False),
    ],
)
def test_to_whom(subject: Plain, *, passes: bool) -> None:
    found = faults(BINDINGS_NARROW, binding("RoleBinding", "it", "Role", subject))
    assert found == ([] if passes else ["subjects, number 1: it is nobody in particular"])
