"""Containers: bounded, and watched with patience."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.quantities import quantity, some
from policy.rules.workload.containers import CONTAINERS_BOUNDED, CONTAINERS_READ_ONLY, CONTAINERS_WATCHED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import HUB, OTHER, deployment, faults, patch, pod_with

CPU = "resources.requests.cpu must be given"
MEMORY = "resources.limits.memory must be given"
EQUAL = "resources.requests.memory must equal its limit"
DISK = "resources.limits.ephemeral-storage must be given"
SILENCE = "livenessProbe must allow for 30 s of silence"


def in_container(*path: str, to: Plain) -> Plain:
    return pod_with("containers", "0", *path, to=to)


def test_a_sound_pod_passes() -> None:
    assert faults(CONTAINERS_BOUNDED, deployment()) == []
    assert faults(CONTAINERS_WATCHED, deployment()) == []
    assert faults(CONTAINERS_READ_ONLY, deployment()) == []


WRITABLE = ["containers, number 1: securityContext.readOnlyRootFilesystem must be true"]


@pytest.mark.parametrize("value", [None, False, UNKNOWN, "true"])
def test_a_container_cannot_change_its_image(value: Plain) -> None:
    pod = in_container("securityContext", "readOnlyRootFilesystem", to=value)
    assert faults(CONTAINERS_READ_ONLY, deployment(HUB, pod)) == WRITABLE
    # What a patch does not say stays as it was.
    assert faults(CONTAINERS_READ_ONLY, patch(pod)) == ([] if value is None else WRITABLE)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        *((("requests", "cpu"), value, [CPU]) for value in (None, UNKNOWN, "", "0", "much", ["1"], True)),
        (("requests", "cpu"), "250m", []),
        (("requests", "cpu"), 0.5, []),
        *((("limits", "memory"), value, [MEMORY]) for value in (None, UNKNOWN, "0", "1 Gi", {"Gi": 1})),
        (("limits", "memory"), "2Gi", [EQUAL]),
        (("limits", "memory"), 1073741824, []),
        *((("requests", "memory"), value, [EQUAL]) for value in (UNKNOWN, "1G", "512Mi", ["1Gi"])),
        (("requests", "memory"), None, []),
        *((("limits", "ephemeral-storage"), value, [DISK]) for value in (None, UNKNOWN, "0Mi")),
        ((), None, [CPU, MEMORY, DISK]),
        ((), UNKNOWN, [CPU, MEMORY, DISK]),
        (("limits",), "all", [MEMORY, DISK]),
    ],
)
def test_resources(path: tuple[str, ...], value: Plain, expected: list[str]) -> None:
    pod = in_container("resources", *path, to=value)
    assert faults(CONTAINERS_BOUNDED, deployment(HUB, pod)) == [f"containers, number 1: {fault}" for fault in expected]


def test_init_containers_are_bounded_and_ephemeral_ones_cannot_be() -> None:
    bare: Plain = [{"name": "it"}]
    found = faults(CONTAINERS_BOUNDED, deployment(HUB, pod_with("initContainers", to=bare)))
    assert found == [f"initContainers, number 1: {fault}" for fault in (CPU, MEMORY, DISK)]
    assert faults(CONTAINERS_BOUNDED, deployment(HUB, pod_with("ephemeralContainers", to=bare))) == []


@pytest.mark.parametrize(
    ("volume", "passes"),
    [
        ({"emptyDir": {"sizeLimit": "1Mi"}}, True),
        ({"emptyDir": {}}, False),
        ({"emptyDir": {"sizeLimit": UNKNOWN}}, False),
        ({"emptyDir": {"sizeLimit": "0"}}, False),
        ({"emptyDir": "1Mi"}, False),
        ({"configMap": {"name": "x"}}, True),
        (UNKNOWN, False),
    ],
)
def test_volumes(volume: Plain, *, passes: bool) -> None:
    found = faults(CONTAINERS_BOUNDED, deployment(HUB, pod_with("volumes", to=[volume])))
    assert found == ([] if passes else ["the sizeLimit of an emptyDir must be given"])


def test_a_patch_leaves_what_it_does_not_say() -> None:
    part = patch({"containers": [{"name": "tmi", "image": "other"}]})
    assert faults(CONTAINERS_BOUNDED, part) == []
    assert faults(CONTAINERS_WATCHED, part) == []


@pytest.mark.parametrize(
    ("probe", "change", "expected"),
    [
        ("livenessProbe", None, ["livenessProbe must be given"]),
        ("livenessProbe", UNKNOWN, ["livenessProbe must be given"]),
        ("livenessProbe", [], ["livenessProbe must be given"]),
        ("livenessProbe", {"exec": {"command": ["true"]}}, []),
        ("livenessProbe", {"periodSeconds": 5}, [SILENCE]),
        ("livenessProbe", {"periodSeconds": 5, "failureThreshold": 6}, []),
        ("livenessProbe", {"failureThreshold": UNKNOWN}, [SILENCE]),
        ("livenessProbe", {"failureThreshold": "3"}, [SILENCE]),
        ("startupProbe", None, ["startupProbe must be given, and allow for 600 s"]),
        ("startupProbe", UNKNOWN, ["startupProbe must be given, and allow for 600 s"]),
        ("startupProbe", {"failureThreshold": 59}, ["startupProbe must be given, and allow for 600 s"]),
        ("startupProbe", {"failureThreshold": 57, "initialDelaySeconds": 30}, []),
    ],
)
def test_probes_have_patience(probe: str, change: Plain, expected: list[str]) -> None:
    pod = in_container(probe, to=change)
    assert faults(CONTAINERS_WATCHED, deployment(HUB, pod)) == [f"containers, number 1: {fault}" for fault in expected]


@pytest.mark.parametrize(
    ("request_", "passes"),
    [({"path": "/robots.txt"}, True), ({"path": "/"}, False), ({}, False), ({"path": UNKNOWN}, True), ("x", True)],
)
def test_tmi_is_not_asked_for_what_costs_it(request_: Plain, *, passes: bool) -> None:
    pod = in_container("readinessProbe", "httpGet", to=request_)
    costly = ["containers, number 1: a probe asks TMI for /, which takes it 0.35 s of a processor; ask for /robots.txt"]
    assert faults(CONTAINERS_WATCHED, deployment(HUB, pod)) == ([] if passes else costly)
    assert faults(CONTAINERS_WATCHED, deployment(OTHER, pod)) == []


def test_what_is_not_tmi_starts_sooner() -> None:
    pod = in_container("startupProbe", "failureThreshold", to=3)
    assert faults(CONTAINERS_WATCHED, deployment(OTHER, pod)) == []
    assert faults(CONTAINERS_WATCHED, deployment(HUB, pod)) != []


def test_side_cars_are_watched_and_what_ends_is_not() -> None:
    for policy, expected in ((None, []), ("Always", ["initContainers, number 1: livenessProbe must be given"])):
        pod = pod_with("initContainers", to=[{"restartPolicy": policy}])
        assert faults(CONTAINERS_WATCHED, deployment(HUB, pod)) == expected
    job = resource("kubernetes:batch/v1:Job", "it", {"spec": {"template": {"spec": {"containers": [{}]}}}})
    assert faults(CONTAINERS_WATCHED, job) == []
    assert faults(CONTAINERS_BOUNDED, job) != []


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("1.5", 1.5), ("250m", 0.25), ("1k", 1000), ("1Ki", 1024), ("4Gi", 4 * 1024**3), ("2e3", 2000), (7, 7)],
)
def test_quantities(text: Plain, value: float) -> None:
    assert quantity(text) == Decimal(str(value))


@pytest.mark.parametrize("text", [None, UNKNOWN, True, "", "Gi", "1gi", "-1", "1 Gi", [], {}])
def test_what_is_no_quantity(text: Plain) -> None:
    assert quantity(text) is None
    assert not some(text)


@given(number=st.integers(1, 10_000), suffix=st.sampled_from(["", "m", "k", "M", "Ki", "Mi", "Gi"]))
def test_more_is_more(number: int, suffix: str) -> None:
    less, more = quantity(f"{number}{suffix}"), quantity(f"{number + 1}{suffix}")
    assert less is not None
    assert more is not None
    assert 0 < less < more
