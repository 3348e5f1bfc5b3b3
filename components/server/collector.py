"""The OpenTelemetry Collector beside TMI: what it takes, what it keeps of it, and where it sends that.

TMI sends metrics and traces by OTLP. What tells its leak, goroutines and memory, it shows to Prometheus alone, so the
collector reads that page as well. Sessions come from there too: of what OTLP counts up and down `awsemf` keeps only the
changes. Of histograms it keeps what it is sent, so TMI is told to send what is new
(OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE). Metrics become CloudWatch's by way of a log group (embedded metric
format), traces X-Ray's. Names of metrics are those of TMI 1.8.22, as seen; components are those of AWS's build of the
collector.
Source: aws-observability/aws-otel-collector v0.49.0, pkg/defaultcomponents; opentelemetry-collector-contrib, issues
18408 and 18245; opentelemetry-go, exporters/prometheus, where such a count is a gauge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    ExecActionArgs,
    ObjectFieldSelectorArgs,
    ProbeArgs,
)

from components.server.hardening import container_security, read_only, resources
from components.server.roles import Role
from components.settings.reservations import COLLECTOR
from components.settings.variables.process import OTLP_PORT, PROMETHEUS_PORT

COLLECTOR_FILE: Final = "collector.yaml"
COLLECTOR_VOLUME: Final = "collector"

_HEALTH_PORT: Final = 13133
"""Where the image's own `/healthcheck` asks, on loopback. Source: cmd/healthcheck of aws-otel-collector."""
_CONFIGURATION_PATH: Final = "/etc/tmi/collector"
_MEMORY_LIMIT_MIB: Final = COLLECTOR.memory_mib * 80 // 100
"""Where it begins to refuse data, and TMI drops what it cannot send: better than to be killed."""
_PROMETHEUS_METRICS: Final = (
    "go_goroutines",
    "process_resident_memory_bytes",
    "tmi_websocket_sessions_active",
    "tmi_websocket_participants_active",
)
"""All that is read of a page of 700 lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """Metrics that CloudWatch keeps, and what they are told apart by."""

    names: tuple[str, ...]
    """TMI's names."""
    dimensions: tuple[tuple[str, ...], ...] = ((),)
    """Sets of labels; the role of the pod is added to each. CloudWatch bills each combination of values that occurs, so
    no label may be in here whose values nobody can count: no route, no pod."""


MEASURED: Final = (
    Measured(names=_PROMETHEUS_METRICS),
    Measured(names=("tmi.db.pool.open", "tmi.db.pool.idle", "tmi.db.pool.in_use")),
    Measured(names=("tmi.redis.pool.active", "tmi.redis.pool.idle")),
    Measured(names=("http.server.request.duration",), dimensions=((), ("http.response.status_code",))),
    Measured(names=("tmi.webhook.deliveries",), dimensions=(("status",),)),
    Measured(names=("tmi.webhook.circuit_open",)),
)
"""Every metric that leaves the pod. The rest of what TMI measures ends in the collector."""


def metrics_namespace(stack_name: str) -> str:
    """Where CloudWatch keeps the metrics of a stack's TMI."""
    return f"TMI/{stack_name}"


def configuration(
    *, stack_name: str, region: str, log_group: str, measured: Sequence[Measured] = MEASURED
) -> dict[str, Any]:
    """What the collector reads, the same in every pod: its role and its name are in its environment.

    `log_group` has to exist.
    """
    return {
        "extensions": {"health_check": {"endpoint": f"127.0.0.1:{_HEALTH_PORT}"}},
        "receivers": {
            "otlp": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{OTLP_PORT}"}}},
            "prometheus": {"config": {"scrape_configs": [_scrape()]}},
        },
        "processors": {
            "memory_limiter": {
                "check_interval": "1s",
                "limit_mib": _MEMORY_LIMIT_MIB,
                "spike_limit_mib": _MEMORY_LIMIT_MIB // 5,
            },
            # For what comes either way: TMI's own page for Prometheus knows no such attribute.
            "resource": {
                "attributes": [
                    {"key": "role", "value": "${env:ROLE}", "action": "upsert"},
                    {"key": "k8s.pod.name", "value": "${env:POD_NAME}", "action": "upsert"},
                    {"key": "deployment.environment.name", "value": stack_name, "action": "upsert"},
                ]
            },
            "filter": {
                "metrics": {
                    "include": {"match_type": "strict", "metric_names": sorted(n for m in measured for n in m.names)}
                }
            },
            "batch": {"timeout": "10s"},
        },
        "exporters": {
            "awsemf": {
                "region": region,
                "namespace": metrics_namespace(stack_name),
                "log_group_name": log_group,
                "log_stream_name": "${env:POD_NAME}",
                "resource_to_telemetry_conversion": {"enabled": True},
                "dimension_rollup_option": "NoDimensionRollup",
                "metric_declarations": [_declaration(each) for each in measured],
            },
            "awsxray": {"region": region, "indexed_attributes": ["otel.resource.role"]},
        },
        "service": {
            "extensions": ["health_check"],
            "telemetry": {"logs": {"level": "warn", "encoding": "json"}, "metrics": {"level": "none"}},
            "pipelines": {
                "metrics": {
                    "receivers": ["otlp", "prometheus"],
                    "processors": ["memory_limiter", "filter", "resource", "batch"],
                    "exporters": ["awsemf"],
                },
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "resource", "batch"],
                    "exporters": ["awsxray"],
                },
            },
        },
    }


def rendered(configured: Mapping[str, Any]) -> str:
    """The text of the file: JSON, which is YAML too."""
    return json.dumps(configured, indent=2, sort_keys=True)


def _scrape() -> dict[str, Any]:
    return {
        "job_name": "tmi",
        "scrape_interval": "60s",
        "static_configs": [{"targets": [f"127.0.0.1:{PROMETHEUS_PORT}"]}],
        "metric_relabel_configs": [
            {"source_labels": ["__name__"], "regex": "|".join(_PROMETHEUS_METRICS), "action": "keep"}
        ],
    }


def _declaration(measured: Measured) -> dict[str, Any]:
    return {
        "dimensions": [["role", *labels] for labels in measured.dimensions],
        # Regular expressions, which are looked for anywhere in a name.
        "metric_name_selectors": [f"^{re.escape(name)}$" for name in measured.names],
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Collector:
    """What a collector runs with."""

    image: pulumi.Input[str]
    """AWS's build of it."""
    configuration: pulumi.Input[str]
    """The ConfigMap of what it reads."""


def collector_container(collector: Collector, role: Role) -> ContainerArgs:
    """A native side-car: it is ready before TMI and stops after it, or each stop of TMI would wait for it in vain."""
    healthy = ExecActionArgs(command=["/healthcheck"])
    pod_name = EnvVarSourceArgs(field_ref=ObjectFieldSelectorArgs(field_path="metadata.name"))
    return ContainerArgs(
        name="collector",
        image=collector.image,
        restart_policy="Always",
        command=["/awscollector", f"--config={_CONFIGURATION_PATH}/{COLLECTOR_FILE}"],
        env=[
            EnvVarArgs(name="GOMEMLIMIT", value=f"{_MEMORY_LIMIT_MIB}MiB"),
            EnvVarArgs(name="POD_NAME", value_from=pod_name),
            EnvVarArgs(name="ROLE", value=role.value),
        ],
        startup_probe=ProbeArgs(exec_=healthy, period_seconds=2, timeout_seconds=5, failure_threshold=30),
        liveness_probe=ProbeArgs(exec_=healthy, period_seconds=30, timeout_seconds=5, failure_threshold=4),
        resources=resources(COLLECTOR, storage_mib=64),
        security_context=container_security(),
        volume_mounts=[read_only(COLLECTOR_VOLUME, _CONFIGURATION_PATH)],
    )
