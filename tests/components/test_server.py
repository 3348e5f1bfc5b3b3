"""TMI on Kubernetes: what the cluster is asked for, and what rolls the pod."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components import timeouts
from components.secret import MountableSecret
from components.server import Server
from components.settings import parse
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.manifests import manifest, validated
from tests.marked import secret
from tests.server import REDIS, arguments, needs, server, stored, targets
from tests.stack_files import document
from tests.stacks.program import recorded


def named(cloud: Cloud, name: str) -> dict[str, Any]:
    found = [resource for resource in cloud.resources if resource.name == name]
    assert len(found) == 1
    return manifest(found[0])


def deployment(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.apps.v1.Deployment, "server-hub-deployment"))


def pod(cloud: Cloud) -> dict[str, Any]:
    return deployment(cloud)["spec"]["template"]["spec"]


def job(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.batch.v1.Job))


def job_pod(cloud: Cloud) -> dict[str, Any]:
    return job(cloud)["spec"]["template"]["spec"]


def containers(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in [*spec.get("initContainers", []), *spec["containers"]]}


def data(cloud: Cloud, name: str) -> dict[str, str]:
    return named(cloud, name)["data"]


def policy(cloud: Cloud, name: str) -> list[dict[str, Any]]:
    return json.loads(cloud.one(aws.iam.RolePolicy, name).inputs["policy"])["Statement"]


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


def test_tmi_gets_its_secrets_as_files_and_the_rest_from_a_copy() -> None:
    cloud = server()
    spec = named(cloud, "server-secrets-files")["spec"]
    objects = {entry["objectAlias"]: entry["objectName"] for entry in json.loads(spec["parameters"]["objects"])}
    assert sorted(objects) == ["database-url", "jwt-secret", "oauth-corporate", "redis-password", "settings-key"]
    assert objects["jwt-secret"] == "arn:aws:secretsmanager:eu-west-1:111111111111:secret:jwt-AbCdEf"
    assert spec["parameters"]["usePodIdentity"] == "true"
    copied = {entry["key"]: entry["objectName"] for entry in spec["secretObjects"][0]["data"]}
    assert copied == {
        "OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET": "oauth-corporate",
        "REDIS_TOKEN": "redis-password",
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY": "settings-key",
    }
    found = containers(pod(cloud))
    mine = {entry["name"]: entry["valueFrom"]["secretKeyRef"] for entry in found["tmi"]["env"] if "valueFrom" in entry}
    copy = spec["secretObjects"][0]["secretName"]
    assert mine == {
        name: {"name": copy, "key": name}
        for name in ("OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET", "TMI_SECRET_SETTINGS_ENCRYPTION_KEY")
    }
    assert [entry["name"] for entry in found["haproxy"]["env"]] == ["REDIS_TOKEN"]


WEBHOOKS: Final = {"kind": "enabled", "delivery": "at_least_once", "receivers": {"kind": "public"}}
"""The one reason to do without that encryption."""


def test_without_its_encryption_tmi_gets_no_key() -> None:
    cloud = server(server__settings_encryption=False, server__webhooks=WEBHOOKS)
    assert "settings-key" not in json.dumps(named(cloud, "server-secrets-files")["spec"])
    names = [entry["name"] for entry in containers(pod(cloud))["tmi"]["env"] if "valueFrom" in entry]
    assert names == ["OAUTH_PROVIDERS_CORPORATE_CLIENT_SECRET"]


def test_while_its_key_is_rotated_tmi_has_both() -> None:
    def both() -> None:
        settings = parse(document("dev"))
        Server("server", arguments(settings, rotated={}, replaced={"previous_settings_key": stored("previous", {})}))

    cloud = run(both)
    spec = named(cloud, "server-secrets-files")["spec"]
    copied = {entry["key"]: entry["objectName"] for entry in spec["secretObjects"][0]["data"]}
    assert {
        "TMI_SECRET_SETTINGS_ENCRYPTION_KEY": "settings-key",
        "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY": "previous-settings-key",
    }.items() <= copied.items()
    objects = {entry["objectAlias"]: entry["objectName"] for entry in json.loads(spec["parameters"]["objects"])}
    assert ":secret:settings-" in objects["settings-key"]
    assert ":secret:previous-" in objects["previous-settings-key"]
    names = [entry["name"] for entry in containers(pod(cloud))["tmi"]["env"]]
    assert {"TMI_SECRET_SETTINGS_ENCRYPTION_KEY", "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY"} <= set(names)
    reading, _ = policy(cloud, "server-secrets-reader-policy")
    assert set(objects.values()) == set(reading["Resource"])


def test_a_key_that_another_stack_made_is_read_with_its_own_key() -> None:
    key_arn = "arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000"

    def recovered() -> None:
        there = MountableSecret(
            arn=pulumi.Output.from_input("arn:aws:secretsmanager:eu-central-1:111111111111:secret:there-AbCdEf"),
            version=pulumi.Output.secret(7),
            key_arn=key_arn,
        )
        settings = parse(document("dev"))
        Server("server", arguments(settings, rotated={}, replaced={"settings_key": there}))

    cloud = run(recovered)
    reading, keys = policy(cloud, "server-secrets-reader-policy")
    assert "arn:aws:secretsmanager:eu-central-1:111111111111:secret:there-AbCdEf" in reading["Resource"]
    assert keys["Resource"] == ["arn:aws:kms:eu-west-1:111111111111:key/secrets", key_arn]
    assert findings(cloud.one(aws.iam.RolePolicy, "server-secrets-reader-policy").inputs["policy"]) == []


def test_the_masters_password_is_for_the_job_alone() -> None:
    cloud = server()
    master = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:master-AbCdEf"
    assert master in policy(cloud, "server-database-secrets-reader-policy")[0]["Resource"]
    assert master not in json.dumps(policy(cloud, "server-secrets-reader-policy"))
    assert master not in json.dumps(named(cloud, "server-secrets-files"))
    accounts = {found.inputs["serviceAccount"] for found in cloud.of(aws.eks.PodIdentityAssociation)}
    assert accounts == {"tmi-server", "tmi-database-bootstrap"}


def test_roles_read_their_secrets_and_no_others() -> None:
    cloud = server()
    reading, key = policy(cloud, "server-secrets-reader-policy")
    assert len(reading["Resource"]) == 5
    assert all(
        resource.startswith("arn:aws:secretsmanager:") and "*" not in resource for resource in reading["Resource"]
    )
    assert key["Resource"] == ["arn:aws:kms:eu-west-1:111111111111:key/secrets"]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
    for found in cloud.of(aws.iam.RolePolicy):
        assert findings(found.inputs["policy"]) == []


def test_no_value_of_a_secret_is_in_any_object() -> None:
    whole = json.dumps([manifest(resource) for resource in server().resources])
    assert "secretsmanager" in whole
    assert "value-of-" not in whole


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
