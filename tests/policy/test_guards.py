"""Admission policies that really refuse."""

from __future__ import annotations

import pytest

from policy.rules.cluster.guards import GUARDS_DENY
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

GROUP = "kubernetes:admissionregistration.k8s.io/v1"
NAMED: dict[str, Plain] = {"name": "restarts"}


def guard(spec: dict[str, Plain]) -> dict[str, Plain]:
    return {"metadata": NAMED, "spec": spec}


BOUND: dict[str, Plain] = {"spec": {"policyName": "restarts", "validationActions": ["Deny", "Audit"]}}
UNBOUND = "no ValidatingAdmissionPolicyBinding of this stack denies by it"


@pytest.mark.parametrize(
    ("spec", "binding", "messages"),
    [
        ({}, BOUND, []),
        ({"failurePolicy": "Fail"}, BOUND, []),
        ({"failurePolicy": "Ignore"}, BOUND, ["spec.failurePolicy is another text; it must be Fail"]),
        ({"failurePolicy": UNKNOWN}, BOUND, ["spec.failurePolicy is unknown until it is deployed; it must be Fail"]),
        ({}, {"spec": {"policyName": "restarts", "validationActions": ["Warn"]}}, [UNBOUND]),
        ({}, {"spec": {"policyName": "restarts"}}, [UNBOUND]),
        ({}, {"spec": {"policyName": "another", "validationActions": ["Deny"]}}, [UNBOUND]),
        ({}, {"spec": UNKNOWN}, [UNBOUND]),
        ({}, {}, [UNBOUND]),
    ],
)
def test_a_guard_denies(spec: dict[str, Plain], binding: dict[str, Plain], messages: list[str]) -> None:
    policy = resource(f"{GROUP}:ValidatingAdmissionPolicy", "it", guard(spec))
    bound = resource(f"{GROUP}:ValidatingAdmissionPolicyBinding", "bound", binding)
    assert violations(GUARDS_DENY, policy, bound) == [("it", message) for message in messages]


def test_a_guard_without_a_name_is_bound_by_nothing() -> None:
    policy = resource(f"{GROUP}:ValidatingAdmissionPolicy", "it", {"spec": {}})
    bound = resource(f"{GROUP}:ValidatingAdmissionPolicyBinding", "bound", {"spec": {"validationActions": ["Deny"]}})
    assert violations(GUARDS_DENY, policy, bound) == [("it", UNBOUND)]


def test_a_binding_may_refer_to_a_guard_whose_name_is_not_known_yet() -> None:
    policy = resource(f"{GROUP}:ValidatingAdmissionPolicy", "it", {"spec": {}})
    known: dict[str, Plain] = {"spec": {"policyName": UNKNOWN, "validationActions": ["Deny"]}}
    referring = resource(f"{GROUP}:ValidatingAdmissionPolicyBinding", "bound", known, spec=policy)
    assert violations(GUARDS_DENY, policy, referring) == []
    stranger = resource(f"{GROUP}:ValidatingAdmissionPolicyBinding", "bound", known)
    assert violations(GUARDS_DENY, policy, stranger) == [("it", UNBOUND)]
