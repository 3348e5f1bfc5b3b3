"""The collector in TMI's pods: in each of them or in none, alive longer than TMI, and allowed what it needs."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pulumi_aws as aws
import pytest

from tests.cloud import Cloud
from tests.iam import findings
from tests.server import named, pod, server
from tests.stacks.program import recorded


@cache
def production() -> Cloud:
    return server("prod")


def collector(role: str) -> dict[str, Any]:
    (found,) = [each for each in pod(production(), role)["initContainers"] if each["name"] == "collector"]
    return found


@pytest.mark.parametrize("role", ["hub", "pool"])
def test_it_starts_before_tmi_and_stops_after_it(role: str) -> None:
    first = pod(production(), role)["initContainers"]
    assert [(each["name"], each.get("restartPolicy")) for each in first] == [
        ("certificate", None),
        ("collector", "Always"),
        ("haproxy", "Always"),
    ]
    # Asked in the container: nothing of it has to be open to the kubelet.
    assert collector(role)["startupProbe"]["exec"] == {"command": ["/healthcheck"]}
    assert "ports" not in collector(role)


@pytest.mark.parametrize("role", ["hub", "pool"])
def test_it_knows_whose_it_is_and_reads_its_configuration(role: str) -> None:
    found = collector(role)
    assert found["image"].endswith("/public/aws-observability/aws-otel-collector:v0.49.0")
    values = {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in found["env"]}
    assert values["ROLE"] == role
    assert values["POD_NAME"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    volumes = {volume["name"]: volume for volume in pod(production(), role)["volumes"]}
    (mount,) = found["volumeMounts"]
    assert f"--config={mount['mountPath']}/collector.yaml" in found["command"]
    written = named(production(), "server-telemetry-configuration")
    assert volumes[mount["name"]]["configMap"]["name"] == written["metadata"]["name"]
    assert (
        json.loads(written["data"]["collector.yaml"])["exporters"]["awsemf"]["log_group_name"]
        == "/tmi/tmi-prod/metrics"
    )


def test_tmi_sends_to_it_and_does_not_wait_for_it() -> None:
    variables = named(production(), "server-environment")["data"]
    assert {name: value for name, value in variables.items() if "OTEL" in name} == {
        "TMI_OTEL_ENABLED": "true",
        "TMI_OTEL_SAMPLING_RATE": "0.05",
        "TMI_OTEL_PROMETHEUS_PORT": "9464",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1000",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
    }


def test_its_pods_may_send_and_nothing_more() -> None:
    document = production().one(aws.iam.RolePolicy, "server-secrets-reader-policy").inputs["policy"]
    *_, logs, traces = json.loads(document)["Statement"]
    group = production().one(aws.cloudwatch.LogGroup, "server-telemetry-metrics").inputs["arn"]
    assert (logs["Action"], logs["Resource"]) == (["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*")
    assert (traces["Action"], traces["Resource"]) == ("xray:PutTraceSegments", "*")
    arn = "arn:aws:logs:eu-west-1:222222222222:log-group:/tmi/tmi-prod/metrics"
    assert findings(document.replace(f'"{group}:*"', f'"{arn}:*"')) == []


def test_what_it_writes_is_encrypted_and_kept_as_long_as_the_stack_says() -> None:
    cloud = recorded("prod")
    group = cloud.one(aws.cloudwatch.LogGroup, "server-telemetry-metrics")
    key = cloud.one(aws.kms.Key, "encryption-logs")
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/tmi/tmi-prod/metrics", 365)
    assert group.inputs["kmsKeyId"] == key.inputs["arn"]
    assert ":log-group:/tmi/tmi-prod/metrics" in json.dumps(key.inputs["policy"])


def test_without_telemetry_nothing_of_it_is_there() -> None:
    cloud = server()
    assert not [resource for resource in cloud.resources if "telemetry" in resource.name]
    assert [each["name"] for each in pod(cloud, "hub")["initContainers"]] == ["certificate", "haproxy"]
    assert named(cloud, "server-environment")["data"]["TMI_OTEL_ENABLED"] == "false"
    policy = cloud.one(aws.iam.RolePolicy, "server-secrets-reader-policy").inputs["policy"]
    assert "logs:" not in policy
    assert "xray:" not in policy
    assert "169.254.170.23" not in json.dumps(named(cloud, "server-tmi-hub"))


def test_another_configuration_of_it_rolls_the_pods() -> None:
    other = server("prod", name="tmi-other")
    assert pod(production(), "hub")["volumes"] != pod(other, "hub")["volumes"]
    more = server("prod", server__images__collector="v0.50.0")
    assert pod(production(), "pool") != pod(more, "pool")
