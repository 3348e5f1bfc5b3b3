"""Rollouts: what pods read has a name that follows its content."""

from __future__ import annotations

from typing import Any

import pytest

from policy.graph import Resource
from policy.rules.workload.rollouts import CONFIGURATION_ROLLS
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations
from tests.policy.pods import HUB, deployment, faults, named, pod_with

CHANGES = "immutable must be true: pods read it, and do not see it change"


def settings(immutable: Plain = True, name: Plain = "settings", namespace: Plain = "tmi") -> Resource:  # noqa: FBT002
    properties: dict[str, Any] = {"metadata": {"name": name, "namespace": namespace}, "immutable": immutable}
    return resource("kubernetes:core/v1:ConfigMap", "settings", properties)


def reading(name: Plain) -> list[Resource]:
    """A pod for each way to read a ConfigMap."""
    reference: Plain = {"name": name}
    in_container: list[dict[str, Plain]] = [
        {"envFrom": [{"configMapRef": reference}]},
        {"env": [{"name": "X", "valueFrom": {"configMapKeyRef": {"name": name, "key": "x"}}}]},
    ]
    volumes: list[Plain] = [{"configMap": reference}, {"projected": {"sources": [{"configMap": reference}]}}]
    pods = [
        *(pod_with("containers", "0", to=each) for each in in_container),
        *(pod_with("initContainers", to=[each]) for each in in_container),
        *(pod_with("volumes", to=[each]) for each in volumes),
    ]
    return [deployment(HUB, pod) for pod in pods]


@pytest.mark.parametrize("pod", reading("settings"))
@pytest.mark.parametrize(
    ("immutable", "passes"), [(True, True), (False, False), (None, False), (UNKNOWN, False), ("true", False)]
)
def test_what_pods_read_does_not_change(pod: Resource, immutable: Plain, *, passes: bool) -> None:
    found = violations(CONFIGURATION_ROLLS, pod, settings(immutable))
    assert found == ([] if passes else [("settings", CHANGES)])


@pytest.mark.parametrize("pod", reading(UNKNOWN))
def test_what_pods_read_is_followed_by_reference(pod: Resource) -> None:
    unnamed = settings(immutable=False, name=UNKNOWN)
    assert undecided(CONFIGURATION_ROLLS, pod, unnamed) == ["it"]
    referring = made_from(pod, "spec", unnamed)
    assert undecided(CONFIGURATION_ROLLS, referring, unnamed) == []
    assert faults(CONFIGURATION_ROLLS, referring, unnamed) == [CHANGES]


def test_what_nobody_reads_may_change() -> None:
    assert faults(CONFIGURATION_ROLLS, deployment(), settings(immutable=False)) == []


def test_a_namesake_in_another_namespace_is_another() -> None:
    pod = reading("settings")[0]
    assert undecided(CONFIGURATION_ROLLS, pod, settings(immutable=False, namespace="other")) == ["it"]
    assert faults(CONFIGURATION_ROLLS, pod, settings(immutable=False, namespace="other")) == []


def test_what_the_cluster_itself_makes_is_no_question() -> None:
    assert undecided(CONFIGURATION_ROLLS, *reading("kube-root-ca.crt")[:1]) == []


SECRET = resource("aws:secretsmanager/secret:Secret", "jwt")
VERSION = resource("aws:secretsmanager/secretVersion:SecretVersion", "jwt", {"secretId": UNKNOWN}, secretId=SECRET)


def mounted(spec: Resource | None = None, metadata: Resource | None = None) -> Resource:
    token = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"  # noqa: S105 -- a type token
    files = resource(token, "files", {**named("files"), "spec": UNKNOWN})
    for name, target in (("spec", spec), ("metadata", metadata)):
        files = made_from(files, name, target) if target else files
    return files


@pytest.mark.parametrize(
    ("files", "passes"),
    [
        (mounted(spec=SECRET, metadata=VERSION), True),
        (mounted(spec=SECRET, metadata=SECRET), False),
        (mounted(spec=SECRET), False),
        (mounted(metadata=VERSION), True),
        (mounted(), True),
    ],
)
def test_the_name_of_what_is_mounted_follows_its_secrets(files: Resource, *, passes: bool) -> None:
    found = faults(CONFIGURATION_ROLLS, SECRET, VERSION, files)
    assert found == ([] if passes else ["its name does not follow the version of jwt"])


def test_a_secret_whose_value_is_set_elsewhere_has_no_version_to_follow() -> None:
    assert faults(CONFIGURATION_ROLLS, SECRET, mounted(spec=SECRET)) == []
