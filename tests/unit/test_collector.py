"""The collector: what it takes, what it keeps, where it sends it, and that nobody outside the pod reaches it."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pytest
import yaml

from components.server.collector import MEASURED, Measured, configuration, rendered

CONFIGURED = configuration(stack_name="tmi-test", region="eu-west-1", log_group="/tmi/tmi-test/metrics")


def listeners(node: object) -> list[str]:
    """Every address something in it listens on."""
    if isinstance(node, dict):
        fields = cast("dict[str, object]", node)
        here = [str(value) for key, value in fields.items() if key == "endpoint"]
        return here + [found for value in fields.values() for found in listeners(value)]
    return (
        [found for value in cast("list[object]", node) for found in listeners(value)] if isinstance(node, list) else []
    )


def test_it_listens_on_loopback_alone() -> None:
    assert sorted(listeners(CONFIGURED)) == ["127.0.0.1:13133", "127.0.0.1:4317"]


def test_of_the_page_for_prometheus_it_reads_what_tells_a_leak() -> None:
    (scrape,) = CONFIGURED["receivers"]["prometheus"]["config"]["scrape_configs"]
    assert scrape["static_configs"] == [{"targets": ["127.0.0.1:9464"]}]
    (kept,) = scrape["metric_relabel_configs"]
    assert kept["action"] == "keep"
    names = ["go_goroutines", "process_resident_memory_bytes", "go_goroutines_max", "go_gc_duration_seconds", "up"]
    # Prometheus looks at the whole name.
    assert [name for name in names if re.fullmatch(kept["regex"], name)] == names[:2]


def test_what_goes_up_and_down_is_read_as_it_stands() -> None:
    # By OTLP it is a sum, of which the exporter would keep the changes alone.
    (scrape,) = CONFIGURED["receivers"]["prometheus"]["config"]["scrape_configs"]
    kept = scrape["metric_relabel_configs"][0]["regex"]
    names = [name for each in MEASURED for name in each.names if "websocket" in name]
    assert names == ["tmi_websocket_sessions_active", "tmi_websocket_participants_active"]
    assert all(re.fullmatch(kept, name) for name in names)


def test_every_part_it_names_is_there_and_every_part_is_used() -> None:
    service = CONFIGURED["service"]
    for kind in ("receivers", "processors", "exporters"):
        used = {name for pipeline in service["pipelines"].values() for name in pipeline[kind]}
        assert used == set(CONFIGURED[kind])
    assert service["extensions"] == list(CONFIGURED["extensions"])


def test_it_refuses_data_before_it_is_killed_and_sends_in_batches() -> None:
    for pipeline in CONFIGURED["service"]["pipelines"].values():
        assert (pipeline["processors"][0], pipeline["processors"][-1]) == ("memory_limiter", "batch")
    limiter = CONFIGURED["processors"]["memory_limiter"]
    assert 0 < limiter["spike_limit_mib"] < limiter["limit_mib"] < 256


def test_a_metric_says_whose_it_is() -> None:
    added = {each["key"]: each["value"] for each in CONFIGURED["processors"]["resource"]["attributes"]}
    assert added == {
        "role": "${env:ROLE}",
        "k8s.pod.name": "${env:POD_NAME}",
        "deployment.environment.name": "tmi-test",
    }
    for pipeline in CONFIGURED["service"]["pipelines"].values():
        assert "resource" in pipeline["processors"]


def test_metrics_go_by_their_log_group_into_a_namespace_of_the_stack() -> None:
    emf = CONFIGURED["exporters"]["awsemf"]
    assert (emf["region"], emf["namespace"]) == ("eu-west-1", "TMI/tmi-test")
    assert (emf["log_group_name"], emf["log_stream_name"]) == ("/tmi/tmi-test/metrics", "${env:POD_NAME}")
    # Or the exporter would add sets of its own, and the group would get another retention.
    assert emf["dimension_rollup_option"] == "NoDimensionRollup"
    assert "log_retention" not in emf


def test_what_is_kept_is_what_is_declared() -> None:
    kept = CONFIGURED["processors"]["filter"]["metrics"]["include"]
    assert kept["match_type"] == "strict"
    names: list[str] = kept["metric_names"]
    assert len(names) == len(set(names)) == sum(len(each.names) for each in MEASURED)
    selectors = [
        selector
        for each in CONFIGURED["exporters"]["awsemf"]["metric_declarations"]
        for selector in each["metric_name_selectors"]
    ]
    assert {name: sum(bool(re.search(selector, name)) for selector in selectors) for name in names} == dict.fromkeys(
        names, 1
    )


@pytest.mark.parametrize("declared", CONFIGURED["exporters"]["awsemf"]["metric_declarations"])
def test_no_dimension_has_values_without_number(declared: dict[str, Any]) -> None:
    assert declared["dimensions"]
    for dimensions in declared["dimensions"]:
        assert dimensions[0] == "role"
        assert set(dimensions[1:]) <= {"http.response.status_code", "status"}


def test_who_needs_more_metrics_gives_more_rows() -> None:
    more = (*MEASURED, Measured(names=("tmi.cache.hit",), dimensions=((), ("kind",))))
    whole = configuration(stack_name="s", region="r", log_group="g", measured=more)
    assert "tmi.cache.hit" in whole["processors"]["filter"]["metrics"]["include"]["metric_names"]
    assert whole["exporters"]["awsemf"]["metric_declarations"][-1] == {
        "dimensions": [["role"], ["role", "kind"]],
        "metric_name_selectors": [r"^tmi\.cache\.hit$"],
    }


def test_the_file_is_json_which_is_yaml_too() -> None:
    text = rendered(CONFIGURED)
    assert yaml.safe_load(text) == json.loads(text) == CONFIGURED
