"""Changes that break the rules of pods, of the rights they have and of jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from policy.graph import Graph
from policy.values import Plain, elements, read
from tests.policy.mutations.changing import Mutation, first, setting, with_property, with_resource, with_value
from tests.policy.mutations.replication import TEMPLATE, in_container, in_hub, the_hub

_CRON_JOB: Final = "kubernetes:batch/v1:CronJob"
_ROLE: Final = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
_CLUSTER_BINDING: Final = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
_TOKEN: Final[Plain] = [{"name": "REDIS_TOKEN", "value": "placeholder"}]
_EXEC: Final[Plain] = [{"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]}]


def _image(change: Callable[[str], str]) -> Callable[[Graph], Graph]:
    """The image of the hub's first init container is another."""

    def apply(graph: Graph) -> Graph:
        hub, path = the_hub(graph), (*TEMPLATE, "initContainers")
        image = read(elements(hub.get(*path))[0], "image")
        assert isinstance(image, str)
        return with_value(graph, hub, (*path, "0", "image"), change(image))

    return apply


def _all_secrets(graph: Graph) -> Graph:
    """A role that is bound in the whole cluster reads Secrets."""
    role = first(graph, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")
    rules: Plain = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]
    return with_resource(graph, replace(role, name="reader", properties={**role.properties, "rules": rules}))


def _in_place(graph: Graph) -> Graph:
    """The ConfigMaps that pods read change in place."""
    for each in graph.of_type("kubernetes:core/v1:ConfigMap"):
        graph = with_property(graph, each, "immutable", value=False)
    return graph


WORKLOAD: Final = (
    Mutation(
        "pods-restricted",
        "a container may gain privileges",
        in_container("securityContext", "allowPrivilegeEscalation", to=None),
    ),
    Mutation("containers-bounded", "memory has no limit", in_container("resources", "limits", "memory", to=None)),
    Mutation(
        "containers-bounded", "memory is promised twice", in_container("resources", "requests", "memory", to="1Mi")
    ),
    Mutation("containers-watched", "a busy server is killed", in_container("livenessProbe", "failureThreshold", to=1)),
    Mutation("containers-watched", "a migration is killed", in_container("startupProbe", "failureThreshold", to=30)),
    Mutation("images-pinned", "a tag moves", _image(lambda image: f"{image.rpartition(':')[0]}:latest")),
    Mutation(
        "images-from-own-registry", "an image is somebody else's", _image(lambda _: "docker.io/library/haproxy:3.2.22")
    ),
    Mutation("manifests-without-secrets", "a token is a variable", in_container("env", to=_TOKEN)),
    Mutation(
        "service-accounts-own",
        "nobody's account has a token",
        in_hub(*TEMPLATE, "automountServiceAccountToken", to=True),
    ),
    Mutation("service-links-off", "Services set variables", in_hub(*TEMPLATE, "enableServiceLinks", to=None)),
    Mutation("rights-narrow", "a role enters pods", setting(_ROLE, "rules", to=_EXEC)),
    Mutation("secrets-read-in-place", "a role reads all Secrets", _all_secrets),
    Mutation(
        "bindings-narrow",
        "an account administers the cluster",
        setting(_CLUSTER_BINDING, "roleRef", "name", to="cluster-admin"),
    ),
    Mutation("jobs-bounded", "a job runs beside itself", setting(_CRON_JOB, "spec", "concurrencyPolicy", to=None)),
    Mutation(
        "jobs-bounded",
        "a job never ends",
        setting(_CRON_JOB, "spec", "jobTemplate", "spec", "activeDeadlineSeconds", to=None),
    ),
    Mutation("configuration-rolls", "settings change under a pod", _in_place),
)
