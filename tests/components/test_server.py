"""TMI on Kubernetes: what the cluster is asked for, and what rolls the pod."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components import timeouts
from tests.cloud import Cloud
from tests.manifests import manifest, validated
from tests.marked import secret
from tests.server import REDIS, containers, named, needs, pod, server, targets
from tests.stacks.program import recorded


def deployment(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.apps.v1.Deployment, "server-hub-deployment"))


def job(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.batch.v1.Job))


def job_pod(cloud: Cloud) -> dict[str, Any]:
    return job(cloud)["spec"]["template"]["spec"]


def data(cloud: Cloud, name: str) -> dict[str, str]:
    return named(cloud, name)["data"]


def test_its_objects_are_valid() -> None:
    kinds = validated(server().resources)
    assert sorted(set(kinds)) == [
        "ConfigMap",
        "Deployment",
        "Job",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PriorityClass",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "SecretProviderClass",
        "Service",
        "ServiceAccount",
        "TargetGroupBinding",
    ]


@pytest.mark.parametrize("of", [pod, job_pod])
def test_pods_meet_the_restricted_standard_and_more(of: Callable[[Cloud], dict[str, Any]]) -> None:
    spec = of(server())
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 65532
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["nodeSelector"] == {"karpenter.sh/nodepool": "tmi", "kubernetes.io/arch": "arm64"}
    for container in containers(spec).values():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        }
        assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]
        assert container["image"].startswith("111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev")
    assert {next(iter(volume.keys() - {"name"})) for volume in spec["volumes"]} <= {"csi", "configMap", "emptyDir"}


def test_there_are_never_two_of_it() -> None:
    spec = deployment(server())["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_the_proxy_starts_before_tmi_and_outlives_it() -> None:
    spec = pod(server())
    assert [container["name"] for container in spec["initContainers"]] == ["certificate", "haproxy"]
    assert spec["initContainers"][1]["restartPolicy"] == "Always"
    assert spec["initContainers"][1]["startupProbe"]["httpGet"] == {"path": "/ready", "port": 8444, "scheme": "HTTPS"}
    assert [container["name"] for container in spec["containers"]] == ["tmi"]


def test_tmi_may_take_minutes_to_start_and_is_asked_what_costs_it_nothing() -> None:
    tmi = containers(pod(server()))["tmi"]
    probes = [tmi[probe] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert {json.dumps(probe["httpGet"], sort_keys=True) for probe in probes} == {
        '{"path": "/robots.txt", "port": 8443, "scheme": "HTTPS"}'
    }
    assert probes[0]["periodSeconds"] * probes[0]["failureThreshold"] == 1200


def test_it_stops_after_the_load_balancer_noticed_and_before_it_is_killed() -> None:
    spec = pod(server())
    assert containers(spec)["tmi"]["lifecycle"]["preStop"] == {"sleep": {"seconds": timeouts.STOP_DELAY}}
    assert spec["terminationGracePeriodSeconds"] == timeouts.GRACE
    assert timeouts.STOP_DELAY + timeouts.HARD_EXIT < timeouts.GRACE
    for group in recorded("prod").of(aws.lb.TargetGroup):
        assert group.inputs["deregistrationDelay"] >= spec["terminationGracePeriodSeconds"]


def test_it_listens_on_443_without_privileges() -> None:
    sysctls = pod(server())["securityContext"]["sysctls"]
    assert sysctls == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "443"}]


def test_the_key_of_the_pod_stays_in_memory() -> None:
    spec = pod(server())
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    assert volumes["tls"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "1Mi"}
    (script,) = containers(spec)["certificate"]["command"][2:]
    assert '-subj "/CN=$DOMAIN"' in script
    assert "DNS:localhost,IP:127.0.0.1" in script


def test_the_database_is_ready_before_tmi_and_tmi_is_isolated_before_it_starts() -> None:
    cloud = server()
    needed = needs(cloud, "server-hub-deployment")
    assert {"server-database-job", "server-tmi-default-deny", "server-secrets-identity"} <= needed
    assert "server-database-secrets-identity" in cloud.one(kubernetes.batch.v1.Job).dependencies


def rolled(before: Cloud, after: Cloud) -> bool:
    return deployment(before)["spec"]["template"] != deployment(after)["spec"]["template"]


def test_the_same_again_is_the_same() -> None:
    assert not rolled(server(), server())
    assert job(server()) == job(server())


@pytest.mark.parametrize(
    "change",
    [
        {"server__log_level": "warn"},
        {"server__body_limit_mib": 4},
        {"server__images__tmi": "1.8.23"},
        {"replaced": {"redis_endpoint": "master.other.example.euw1.cache.amazonaws.com"}},
        {"rotated": {"jwt": "another"}},
        {"rotated": {"settings": "another"}},
        {"rotated": {"url": "another"}},
        {"rotated": {"oauth-corporate": "another"}},
    ],
)
def test_another_configuration_or_secret_rolls_the_pod(change: dict[str, Any]) -> None:
    before, after = server(), server(**change)
    assert rolled(before, after)
    assert job(before) == job(after)


@pytest.mark.parametrize(
    "change",
    [
        {"rotated": {"master": "another"}},
        {"rotated": {"owner": "another"}},
        {"replaced": {"database_address": "restored.example.eu-west-1.rds.amazonaws.com"}},
    ],
)
def test_what_the_job_works_with_runs_it_again(change: dict[str, Any]) -> None:
    before, after = server(), server(**change)
    assert job(before)["metadata"]["name"] != job(after)["metadata"]["name"]
    assert not rolled(before, after)


def test_names_that_follow_secrets_are_no_secrets() -> None:
    cloud = server()
    metadata = cloud.one(kubernetes.batch.v1.Job).inputs["metadata"]
    assert metadata["name"].startswith("tmi-database-bootstrap-")
    assert json.dumps(secret(None)["4dabf18193072939515e22adb298388d"]) not in json.dumps(metadata)


def test_configuration_never_changes_in_place() -> None:
    maps = [manifest(found) for found in server().of(kubernetes.core.v1.ConfigMap)]
    assert {found["immutable"] for found in maps} == {True}
    assert len({found["metadata"]["name"] for found in maps}) == len(maps) == 4


def test_the_proxy_is_configured_for_this_redis_and_this_balancer() -> None:
    text = data(server(load_balancer__idle_timeout_seconds=100), "server-hub-haproxy")["haproxy.cfg"]
    assert f"server primary {REDIS}:6379" in text
    assert "timeout http-keep-alive 110s" in text


def test_only_the_roots_of_the_region_are_trusted() -> None:
    roots = data(server(), "server-rds-roots")["roots.pem"]
    assert roots.count("BEGIN CERTIFICATE") == 3
    assert "eu-west-1" in roots


def test_the_way_in_is_the_target_group_alone() -> None:
    cloud = server()
    service = manifest(cloud.one(kubernetes.core.v1.Service))["spec"]
    assert service["type"] == "ClusterIP"
    assert service["selector"].items() <= deployment(cloud)["spec"]["template"]["metadata"]["labels"].items()
    assert named(cloud, "server-hub-targets-binding")["spec"] == {
        "targetGroupARN": targets("hub"),
        "targetType": "ip",
        "serviceRef": {"name": "tmi-hub", "port": 8443},
    }


ALLOW_LIST: Final = {"kind": "allow_list", "domains": ["hooks.example.com"], "fail_closed": True}


def test_with_an_allow_list_tmi_goes_out_by_name() -> None:
    cloud = server(network__egress=ALLOW_LIST)
    assert "ApplicationNetworkPolicy" in validated(cloud.resources)
    found = named(cloud, "server-tmi-hub-destinations")
    assert found["metadata"] == {"name": "hub-destinations", "namespace": "tmi"}
    names = [peer["domainNames"] for rule in found["spec"]["egress"] for peer in rule["to"] if "domainNames" in peer]
    database = "tmi-dev-main.example.eu-west-1.rds.amazonaws.com"
    assert names == [[database], [REDIS], ["hooks.example.com", "login.example.com"]]
    pods = deployment(cloud)["spec"]["template"]["metadata"]["labels"]
    assert found["spec"]["podSelector"]["matchLabels"].items() <= pods.items()
    assert "0.0.0.0/0" not in json.dumps(
        [manifest(policy) for policy in cloud.of(kubernetes.networking.v1.NetworkPolicy)]
    )


def test_with_open_egress_tmi_goes_out_by_address() -> None:
    cloud = server()
    assert "ApplicationNetworkPolicy" not in validated(cloud.resources)
    assert "0.0.0.0/0" in json.dumps(named(cloud, "server-tmi-hub"))


def test_the_way_out_by_name_is_open_before_the_other_one_is_closed() -> None:
    cloud = server(network__egress=ALLOW_LIST)
    policies = cloud.of(kubernetes.networking.v1.NetworkPolicy)
    assert all("server-tmi-hub-destinations" in policy.dependencies for policy in policies)
    assert "server-tmi-hub-destinations" in needs(cloud, "server-hub-deployment")


def test_the_driver_may_write_secrets_in_this_namespace() -> None:
    cloud = server()
    role = manifest(cloud.one(kubernetes.rbac.v1.Role))
    assert role["metadata"]["namespace"] == "tmi"
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create", "delete", "patch", "update"]}
    ]
    binding = manifest(cloud.one(kubernetes.rbac.v1.RoleBinding))
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
