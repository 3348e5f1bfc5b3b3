"""Service accounts: of one's own, and without a token that opens nothing."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.workload.service_accounts import ACCOUNTS_OWN, SERVICE_LINKS_OFF
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource
from tests.policy.pods import HUB, NAMESPACE, deployment, faults, named, patch, pod_with

NAMELESS = "serviceAccountName must name an account of its own"
TOKEN = "automountServiceAccountToken must be false, or true for bound accounts"  # noqa: S105 -- a message
OF_ACCOUNT = "automountServiceAccountToken must be false; the pod says true if need be"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("tmi", []), (UNKNOWN, []), (None, [NAMELESS]), ("", [NAMELESS]), ("default", [NAMELESS])],
)
def test_an_account_of_its_own(name: Plain, expected: list[str]) -> None:
    assert faults(ACCOUNTS_OWN, deployment(HUB, pod_with("serviceAccountName", to=name))) == expected


@pytest.mark.parametrize("mounts", [None, UNKNOWN, True, "false", 0, []])
def test_no_token(mounts: Plain) -> None:
    assert faults(ACCOUNTS_OWN, deployment()) == []
    assert faults(ACCOUNTS_OWN, deployment(HUB, pod_with("automountServiceAccountToken", to=mounts))) == [TOKEN]


def binding(kind: str = "RoleBinding", /, **subject: Plain) -> Resource:
    known: Plain = {"kind": "ServiceAccount", "name": "tmi", "namespace": "tmi", **subject}
    token = f"kubernetes:rbac.authorization.k8s.io/v1:{kind}"
    return resource(token, "binding", {**named("binding"), "subjects": [known]})


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
@pytest.mark.parametrize(
    ("subject", "passes"),
    [
        ({}, True),
        ({"name": "other"}, False),
        ({"name": UNKNOWN}, False),
        ({"namespace": "other"}, False),
        ({"namespace": None}, False),
        ({"kind": "User"}, False),
    ],
)
def test_a_token_for_an_account_with_rights(kind: str, subject: dict[str, Plain], *, passes: bool) -> None:
    pod = deployment(HUB, pod_with("automountServiceAccountToken", to=True))
    for around in ([], [NAMESPACE]):
        assert faults(ACCOUNTS_OWN, pod, binding(kind, **subject), *around) == ([] if passes else [TOKEN])


def test_rights_are_followed_by_the_namespace_while_its_name_is_unknown() -> None:
    space = resource(NAMESPACE.type, "space", {"metadata": {}})
    inside = deployment(HUB, pod_with("automountServiceAccountToken", to=True))
    pod = made_from(resource(inside.type, "it", {**inside.properties, **named("it", UNKNOWN)}), "metadata", space)
    bound = binding(namespace=UNKNOWN)
    assert faults(ACCOUNTS_OWN, space, pod, bound) == [TOKEN]
    assert faults(ACCOUNTS_OWN, space, pod, made_from(bound, "subjects", space)) == []


@pytest.mark.parametrize(
    ("mounts", "passes"), [(False, True), (None, False), (True, False), (UNKNOWN, False), ("", False)]
)
def test_an_account_gives_no_token_by_itself(mounts: Plain, *, passes: bool) -> None:
    account = resource("kubernetes:core/v1:ServiceAccount", "it", {"automountServiceAccountToken": mounts})
    assert faults(ACCOUNTS_OWN, account) == ([] if passes else [OF_ACCOUNT])
    patched = resource("kubernetes:core/v1:ServiceAccountPatch", "it", {"automountServiceAccountToken": mounts})
    assert faults(ACCOUNTS_OWN, patched) == ([] if passes or mounts is None else [OF_ACCOUNT])


@pytest.mark.parametrize(
    ("links", "passes"), [(False, True), (None, False), (True, False), (UNKNOWN, False), (0, False)]
)
def test_service_links(links: Plain, *, passes: bool) -> None:
    pod = pod_with("enableServiceLinks", to=links)
    expected = [] if passes else ["enableServiceLinks must be false"]
    assert faults(SERVICE_LINKS_OFF, deployment(HUB, pod)) == expected
    patched = faults(SERVICE_LINKS_OFF, patch(pod))
    assert patched == ([] if links is None else expected)
