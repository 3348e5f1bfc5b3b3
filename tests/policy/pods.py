"""Objects of a cluster made by hand: a sound pod, and what is around it."""

from __future__ import annotations

from typing import Any, Final

from policy.graph import Resource
from policy.rule import Rule
from policy.values import Plain
from tests.policy.making import resource, violations
from tests.policy.mutations.changing import changed

IMAGE: Final = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi/tmi:1.8.22"
HUB: Final[dict[str, Any]] = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "hub"}
POOL: Final[dict[str, Any]] = {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": "pool"}
OTHER: Final[dict[str, Any]] = {"app.kubernetes.io/name": "other"}


def probe(**more: Plain) -> dict[str, Any]:
    return {"httpGet": {"path": "/robots.txt", "port": 8443, "scheme": "HTTPS"}, **more}


CONTAINER: Final[dict[str, Any]] = {
    "name": "tmi",
    "image": IMAGE,
    "securityContext": {"readOnlyRootFilesystem": True},
    "resources": {
        "requests": {"cpu": "1", "memory": "1Gi"},
        "limits": {"memory": "1024Mi", "ephemeral-storage": "64Mi"},
    },
    "startupProbe": probe(failureThreshold=60),
    "readinessProbe": probe(),
    "livenessProbe": probe(),
    "lifecycle": {"preStop": {"sleep": {"seconds": 20}}},
}
POD: Final[dict[str, Any]] = {
    "serviceAccountName": "tmi",
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "terminationGracePeriodSeconds": 60,
    "containers": [CONTAINER],
}


def named(name: str, namespace: Plain = "tmi") -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace}}


def deployment(labels: Plain = HUB, pod: Plain = POD, name: str = "it", /, **spec: Plain) -> Resource:
    template: Plain = {"metadata": {"labels": labels}, "spec": pod}
    properties = {**named(name), "spec": {"template": template, **spec}}
    return resource("kubernetes:apps/v1:Deployment", name, properties)


def patch(pod: Plain) -> Resource:
    """A patch of a Deployment's pods."""
    whole = deployment(HUB, pod)
    return resource(f"{whole.type}Patch", whole.name, whole.properties)


def pod_with(*path: str, to: Plain) -> Plain:
    """The sound pod with another value at a path."""
    return changed(POD, path, to)


def faults(rule: Rule, *resources: Resource) -> list[str]:
    """The messages of a rule."""
    return [message for _, message in violations(rule, *resources)]


NAMESPACE: Final = resource(
    "kubernetes:core/v1:Namespace",
    "namespace",
    {
        "metadata": {
            "name": "tmi",
            "labels": {
                "pod-security.kubernetes.io/enforce-version": "v1.35",
                "eks.amazonaws.com/pod-readiness-gate-inject": "enabled",
            },
        }
    },
)
