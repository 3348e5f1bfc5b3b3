"""The jobs that restart TMI: when, by what right, and over which way."""

from __future__ import annotations

import ipaddress
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest

from components.capacity import RESTART_HOURS, hours_until_full
from components.platform.recycling import restarts
from components.server.recycling import Recycling, RecyclingArgs
from components.server.roles import Role
from components.server.schedules import hub_schedule, pool_interval, pool_schedule
from components.settings import parse
from components.settings.capacity import DailyRestart, NoRestart, WeeklyRestart
from components.settings.choices import Weekday
from tests.cloud import Cloud, run
from tests.manifests import manifest
from tests.pools import POOL
from tests.server import workplace
from tests.stack_files import STACKS, changed
from tests.stacks.program import recorded

API = ("172.20.0.1/32", "10.64.0.0/19")


def recycling(role: Role = Role.HUB) -> Cloud:
    arguments = RecyclingArgs(
        place=workplace(),
        aws_cli="2.36.44",
        role=role,
        schedule="30 4 * * *",
        deadline_seconds=3600,
        api_cidrs=API,
    )
    return run(lambda: Recycling("recycling", arguments))


def job(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.batch.v1.CronJob))["spec"]


def pod(cloud: Cloud) -> dict[str, Any]:
    return job(cloud)["jobTemplate"]["spec"]["template"]["spec"]


def test_it_runs_on_its_schedule_and_never_twice_at_once() -> None:
    spec = job(recycling())
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("30 4 * * *", "Etc/UTC", "Forbid")
    assert spec["startingDeadlineSeconds"] == 900
    template = spec["jobTemplate"]["spec"]
    assert (template["activeDeadlineSeconds"], template["ttlSecondsAfterFinished"]) == (3600, 86400)


def test_the_script_gives_up_before_its_job_does() -> None:
    spec = job(recycling())["jobTemplate"]["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    assert int(variables["WAIT_SECONDS"]) < spec["activeDeadlineSeconds"]
    assert (variables["NAMESPACE"], variables["DEPLOYMENT"]) == ("tmi", "tmi-hub")


def test_its_pod_is_hardened() -> None:
    spec = pod(recycling())
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    (container,) = spec["containers"]
    assert container["image"].endswith("/public/aws-cli/aws-cli:2.36.44")
    assert container["command"] == ["sh", "/etc/tmi/restart/restart.sh"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_token_is_in_its_pod_alone_and_lives_ten_minutes() -> None:
    cloud = recycling()
    account = manifest(cloud.one(kubernetes.core.v1.ServiceAccount))
    assert account["automountServiceAccountToken"] is False
    spec = pod(cloud)
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == account["metadata"]["name"] == "tmi-hub-recycling"
    (projected,) = [volume["projected"] for volume in spec["volumes"] if "projected" in volume]
    (token,) = [source["serviceAccountToken"] for source in projected["sources"] if "serviceAccountToken" in source]
    assert token == {"path": "token", "expirationSeconds": 600}


def test_it_may_look_at_one_deployment_and_patch_it_and_nothing_else() -> None:
    cloud = recycling(Role.POOL)
    (rule,) = manifest(cloud.one(kubernetes.rbac.v1.Role))["rules"]
    assert rule == {
        "apiGroups": ["apps"],
        "resources": ["deployments"],
        "resourceNames": ["tmi-pool"],
        "verbs": ["get", "patch"],
    }
    binding = manifest(cloud.one(kubernetes.rbac.v1.RoleBinding))
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "tmi-pool-recycling", "namespace": "tmi"}]
    assert binding["roleRef"]["name"] == manifest(cloud.one(kubernetes.rbac.v1.Role))["metadata"]["name"]
    kinds = {resource.type for resource in cloud.resources if "rbac.authorization" in resource.type}
    assert len(kinds) == 2


def test_what_it_patches_is_looked_at_before_it_may_patch() -> None:
    cloud = recycling()
    policy = manifest(cloud.one(kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy))
    spec = policy["spec"]
    assert spec["failurePolicy"] == "Fail"
    (condition,) = spec["matchConditions"]
    assert condition["expression"] == "request.userInfo.username == 'system:serviceaccount:tmi:tmi-hub-recycling'"
    (rule,) = spec["matchConstraints"]["resourceRules"]
    assert rule == {
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "operations": ["UPDATE"],
        "resources": ["deployments"],
    }
    assert "object.spec.template.spec == oldObject.spec.template.spec" in {
        validation["expression"] for validation in spec["validations"]
    }
    bound = cloud.one(kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding)
    assert manifest(bound)["spec"] == {"policyName": policy["metadata"]["name"], "validationActions": ["Deny"]}
    assert bound.name in cloud.one(kubernetes.rbac.v1.Role).dependencies


def test_it_speaks_to_the_kubernetes_api_alone() -> None:
    cloud = recycling()
    spec = manifest(cloud.one(kubernetes.networking.v1.NetworkPolicy))["spec"]
    assert spec["policyTypes"] == ["Egress"]
    (rule,) = spec["egress"]
    assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]
    assert [peer["ipBlock"]["cidr"] for peer in rule["to"]] == list(API)
    template = job(cloud)["jobTemplate"]["spec"]["template"]
    assert spec["podSelector"]["matchLabels"] == template["metadata"]["labels"]


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        (DailyRestart(kind="daily", time="03:00"), "0 3 * * *"),
        (WeeklyRestart(kind="weekly", day=Weekday.SUNDAY, time="22:45"), "45 22 * * sun"),
        (NoRestart(kind="none"), None),
    ],
)
def test_the_hub_is_restarted_when_the_stack_file_says(
    restart: DailyRestart | WeeklyRestart | NoRestart, expected: str | None
) -> None:
    assert hub_schedule(restart) == expected


@pytest.mark.parametrize("hours", RESTART_HOURS)
def test_the_pool_is_restarted_at_even_intervals(hours: int) -> None:
    minute, hour, *rest = pool_schedule(hours).split()
    step = 1 if hour == "*" else int(hour.removeprefix("*/")) if hour.startswith("*/") else 24
    assert (minute, rest, step) == ("43", ["*", "*", "*"], hours)


def test_the_pool_is_restarted_at_half_of_what_its_quietest_size_bears() -> None:
    server = parse(changed("dev", server__topology=POOL, server__expected_load__other_requests_per_minute=600)).server
    # 300 requests a minute for each of the two.
    assert hours_until_full(1024, 300) == pytest.approx(6.7, abs=0.05)
    assert pool_interval(server) == 3


def test_one_restart_ends_before_the_next_begins() -> None:
    settings = parse(changed("dev", server__topology=POOL))
    found = restarts(settings)
    assert set(found) == {Role.HUB, Role.POOL}
    hours = pool_interval(settings.server)
    assert hours is not None
    assert found[Role.POOL] == (pool_schedule(hours), hours * 3600 - 300)


@pytest.mark.parametrize("stack", STACKS)
def test_in_a_stack_each_deployment_of_tmi_is_restarted(stack: str) -> None:
    cloud = recorded(stack)
    deployments = [manifest(made)["metadata"]["name"] for made in cloud.of(kubernetes.apps.v1.Deployment)]
    roles = [manifest(role) for role in cloud.of(kubernetes.rbac.v1.Role) if "recycling" in role.name]
    restarted = [name for role in roles for name in role["rules"][0]["resourceNames"]]
    assert sorted(restarted) == sorted(deployments)
    assert "tmi-hub" in deployments
    policy = manifest(cloud.one(kubernetes.networking.v1.NetworkPolicy, "hub-recycling-network"))
    (rule,) = policy["spec"]["egress"]
    first, *subnets = (ipaddress.IPv4Network(peer["ipBlock"]["cidr"]) for peer in rule["to"])
    assert str(first) == "172.20.0.1/32"
    assert len(subnets) == len(parse(changed(stack)).network.zones)
