"""The job that cuts the event stream: what it may reach, and that it is as hard as every pod."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.secret import StoredSecret
from components.server.stream_trimming import StreamTrimming, StreamTrimmingArgs
from tests.cloud import Cloud, run
from tests.manifests import manifest, validated
from tests.server import workplace

TOKEN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:redis-AbCdEf"  # noqa: S105 -- an address
REDIS = "master.tmi-dev.example.euw1.cache.amazonaws.com"


def arguments(version: int) -> StreamTrimmingArgs:
    return StreamTrimmingArgs(
        place=workplace(),
        haproxy="3.2.22",
        data_cidrs=("10.64.160.0/22", "10.64.164.0/22"),
        redis_endpoint=REDIS,
        token=StoredSecret(
            arn=pulumi.Output.from_input(TOKEN),
            value=pulumi.Output.secret("token"),
            version=pulumi.Output.secret(version),
        ),
    )


def trimming(version: int = 1) -> Cloud:
    return run(lambda: StreamTrimming("trimming", arguments(version)))


def test_it_runs_every_hour_and_never_twice_at_once() -> None:
    spec = manifest(trimming().one(kubernetes.batch.v1.CronJob))["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("17 * * * *", "Etc/UTC", "Forbid")
    job = spec["jobTemplate"]["spec"]
    assert (job["activeDeadlineSeconds"], job["ttlSecondsAfterFinished"]) == (300, 86400)


def test_its_pod_is_hardened_and_told_what_to_do() -> None:
    pod = manifest(trimming().one(kubernetes.batch.v1.CronJob))["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["command"] == ["bash", "/etc/tmi/trimming/trim.sh"]
    assert {each["name"]: each["value"] for each in container["env"]} == {
        "REDIS_HOST": REDIS,
        "REDIS_PORT": "6379",
        "SECRETS": "/run/tmi/secrets",
        "STREAM": "tmi:events",
        "LONGEST": "10000",
    }


def test_it_speaks_to_redis_alone() -> None:
    spec = manifest(trimming().one(kubernetes.networking.v1.NetworkPolicy))["spec"]
    assert spec["policyTypes"] == ["Egress"]
    (rule,) = spec["egress"]
    assert rule["ports"] == [{"port": 6379, "protocol": "TCP"}]
    assert [peer["ipBlock"]["cidr"] for peer in rule["to"]] == ["10.64.160.0/22", "10.64.164.0/22"]
    pods = manifest(trimming().one(kubernetes.batch.v1.CronJob))["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
    assert spec["podSelector"]["matchLabels"] == pods["labels"]


def test_it_reads_the_token_and_no_other_secret() -> None:
    (document,) = (policy.inputs["policy"] for policy in trimming().of(aws.iam.RolePolicy))
    reading = json.loads(document)["Statement"][0]
    assert reading["Resource"] == [TOKEN]
    assert reading["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]


def test_another_token_is_another_mount() -> None:
    def mount(cloud: Cloud) -> str:
        job = manifest(cloud.one(kubernetes.batch.v1.CronJob))
        volumes = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
        return next(v["csi"]["volumeAttributes"]["secretProviderClass"] for v in volumes if "csi" in v)

    assert mount(trimming()) == mount(trimming())
    assert mount(trimming()) != mount(trimming(version=2))


def test_its_objects_are_valid() -> None:
    kinds = validated(trimming().resources)
    assert sorted(kinds) == ["ConfigMap", "CronJob", "NetworkPolicy", "SecretProviderClass", "ServiceAccount"]
