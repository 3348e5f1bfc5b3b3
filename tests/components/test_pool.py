"""The pool: pods beside the hub that come and go without a lost request, and what the hub has that they have not."""

from __future__ import annotations

from functools import cache

import pulumi_kubernetes as kubernetes
import pytest

from components import timeouts
from tests.cloud import Cloud
from tests.manifests import validated
from tests.server import containers, named, needs, pod, server, targets


@cache
def production() -> Cloud:
    return server("prod")


def test_its_objects_are_valid() -> None:
    kinds = validated(production().resources)
    assert {"HorizontalPodAutoscaler", "PodDisruptionBudget", "PriorityClass"} <= set(kinds)
    assert kinds.count("Deployment") == 2


def test_a_pod_goes_only_when_another_one_has_come() -> None:
    spec = named(production(), "server-pool-deployment")["spec"]
    assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    # Two checks of the balancer, and time for it to act on them.
    assert spec["minReadySeconds"] > 2 * timeouts.HEALTH_INTERVAL


def test_the_autoscaler_alone_says_how_many_there_are() -> None:
    cloud = production()
    assert "replicas" not in named(cloud, "server-pool-deployment")["spec"]
    spec = named(cloud, "server-pool-autoscaler")["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 6)
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "tmi-pool"}
    # Or the first pod would be ready, and the route open, before the autoscaler asks for the others.
    assert "server-pool-autoscaler" in needs(cloud, "server-pool-deployment")


def test_it_grows_quickly_and_shrinks_slowly_by_what_tmi_itself_uses() -> None:
    spec = named(production(), "server-pool-autoscaler")["spec"]
    measured = [metric["containerResource"] for metric in spec["metrics"]]
    assert [(metric["name"], metric["container"], metric["target"]["averageUtilization"]) for metric in measured] == [
        ("cpu", "tmi", 60),
        ("memory", "tmi", 85),
    ]
    up, down = spec["behavior"]["scaleUp"], spec["behavior"]["scaleDown"]
    assert up["stabilizationWindowSeconds"] == 0 < down["stabilizationWindowSeconds"]
    assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 300}]
    # One at a time: the next goes when the one before has ended.
    assert down["policies"][0]["periodSeconds"] > timeouts.GRACE


def test_nodes_are_emptied_one_pod_at_a_time() -> None:
    spec = named(production(), "server-pool-disruption-budget")["spec"]
    assert spec["maxUnavailable"] == 1
    labels = named(production(), "server-pool-deployment")["spec"]["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"] == labels
    assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_it_is_spread_over_zones_and_nodes() -> None:
    spread = pod(production(), "pool")["topologySpreadConstraints"]
    assert [constraint["topologyKey"] for constraint in spread] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    assert {constraint["whenUnsatisfiable"] for constraint in spread} == {"ScheduleAnyway"}
    assert all(
        constraint["labelSelector"]["matchLabels"]["app.kubernetes.io/component"] == "pool" for constraint in spread
    )
    assert "topologySpreadConstraints" not in pod(production(), "hub")


def test_the_hub_is_never_two_nor_moved_for_tidiness() -> None:
    cloud = production()
    hub = named(cloud, "server-hub-deployment")["spec"]
    assert (hub["replicas"], hub["strategy"]) == (1, {"type": "Recreate"})
    assert hub["template"]["metadata"]["annotations"] == {"karpenter.sh/do-not-disrupt": "true"}
    assert "annotations" not in named(cloud, "server-pool-deployment")["spec"]["template"]["metadata"]
    # Another name, another selector: whatever makes a new object of it, the old one goes first.
    assert cloud.one(kubernetes.apps.v1.Deployment, "server-hub-deployment").request.deleteBeforeReplace
    for kind in (kubernetes.autoscaling.v2.HorizontalPodAutoscaler, kubernetes.policy.v1.PodDisruptionBudget):
        assert [found.name for found in cloud.of(kind)] == [
            f"server-pool-{'autoscaler' if 'Autoscaler' in kind.__name__ else 'disruption-budget'}"
        ]


def test_no_selector_finds_the_pods_of_the_other() -> None:
    cloud = production()
    labels = {
        role: named(cloud, f"server-{role}-deployment")["spec"]["template"]["metadata"]["labels"]
        for role in ("hub", "pool")
    }
    assert labels == {
        role: {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": role} for role in ("hub", "pool")
    }
    for role, mine in labels.items():
        assert named(cloud, f"server-{role}-deployment")["spec"]["selector"]["matchLabels"] == mine
        assert named(cloud, f"server-{role}-targets-service")["spec"]["selector"] == mine


@pytest.mark.parametrize("role", ["hub", "pool"])
def test_a_pod_is_ready_when_the_balancer_finds_it_well(role: str) -> None:
    cloud = production()
    assert (
        named(cloud, "server-tmi-namespace")["metadata"]["labels"]["eks.amazonaws.com/pod-readiness-gate-inject"]
        == "enabled"
    )
    binding = named(cloud, f"server-{role}-targets-binding")["spec"]
    assert (binding["targetGroupARN"], binding["serviceRef"]["name"]) == (targets(role), f"tmi-{role}")
    # A gate is put into pods that a binding finds already; and Pulumi must not wait for pods that come later.
    assert f"server-{role}-targets-binding" in needs(cloud, f"server-{role}-deployment")
    assert f"server-{role}-deployment" not in needs(cloud, f"server-{role}-targets-service")
    service = named(cloud, f"server-{role}-targets-service")
    assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert service["spec"]["type"] == "ClusterIP"


def test_a_new_version_proves_itself_in_the_pool_before_it_reaches_the_hub() -> None:
    assert "server-pool-deployment" in needs(production(), "server-hub-deployment")


def test_only_the_pool_refuses_what_the_hub_has_to_answer() -> None:
    def proxy(role: str) -> str:
        return named(production(), f"server-{role}-haproxy")["data"]["haproxy.cfg"]

    assert proxy("pool").count("deny_status 503") == 7
    assert "deny_status 503" not in proxy("hub")
    mounted = {
        role: [
            volume["configMap"]["name"] for volume in pod(production(), role)["volumes"] if volume["name"] == "haproxy"
        ]
        for role in ("hub", "pool")
    }
    assert mounted == {
        role: [named(production(), f"server-{role}-haproxy")["metadata"]["name"]] for role in ("hub", "pool")
    }


def test_each_has_the_resources_of_its_own_and_go_knows_them() -> None:
    for role, cpu, threads, memory, soft in (
        ("hub", "2000m", "2", "4096Mi", "3686MiB"),
        ("pool", "1000m", "1", "4096Mi", "3686MiB"),
    ):
        tmi = containers(pod(production(), role))["tmi"]
        assert (tmi["resources"]["requests"]["cpu"], tmi["resources"]["limits"]["memory"]) == (cpu, memory)
        values = {entry["name"]: entry.get("value") for entry in tmi["env"]}
        assert (values["GOMAXPROCS"], values["GOMEMLIMIT"]) == (threads, soft)


def test_both_read_the_same_configuration_and_secrets() -> None:
    hub, pool = pod(production(), "hub"), pod(production(), "pool")
    for spec in (hub, pool):
        assert spec["serviceAccountName"] == "tmi-server"
    assert containers(hub)["tmi"]["envFrom"] == containers(pool)["tmi"]["envFrom"]
    assert [volume for volume in hub["volumes"] if volume["name"] == "secrets"] == [
        volume for volume in pool["volumes"] if volume["name"] == "secrets"
    ]


def test_names_are_looked_up_as_they_are() -> None:
    assert pod(production(), "pool")["dnsConfig"] == {"options": [{"name": "ndots", "value": "1"}]}
