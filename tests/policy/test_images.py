"""Images: of a version, and of a registry of our own."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.workload.images import IMAGES_FROM_OWN_REGISTRY, IMAGES_PINNED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided
from tests.policy.pods import HUB, deployment, faults, pod_with

REGISTRY = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
DIGEST = "@sha256:" + "0a" * 32
PROVIDER = resource("pulumi:providers:aws", "aws", {"allowedAccountIds": '["111111111111"]'})
UNPINNED = "containers, number 1: image names neither a digest nor a version"
UNREADABLE = "containers, number 1: image is absent or cannot be read"
FOREIGN = "containers, number 1: image is of no registry of this account"
ANOTHER = "containers, number 1: image is of the registry of another account"


def running(image: Plain, **more: Plain) -> Resource:
    return deployment(HUB, pod_with("containers", "0", to={"image": image, **more}))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{REGISTRY}/tmi/tmi:1.8.22", []),
        (f"{REGISTRY}/tmi:17.11", []),
        (f"{REGISTRY}/tmi:v1.8.22-arm64", []),
        (f"{REGISTRY}/tmi:sha-0a1b2c3", []),
        (f"{REGISTRY}/tmi{DIGEST}", []),
        (f"{REGISTRY}/tmi:latest{DIGEST}", []),
        ("registry:5000/tmi:1.8", []),
        (f"{REGISTRY}/tmi", [UNPINNED]),
        ("registry:5000/tmi", [UNPINNED]),
        (f"{REGISTRY}/tmi:latest", [UNPINNED]),
        (f"{REGISTRY}/tmi:latest-1.8", [UNPINNED]),
        (f"{REGISTRY}/tmi:stable", [UNPINNED]),
        (f"{REGISTRY}/tmi:3", [UNPINNED]),
        (f"{REGISTRY}/tmi@sha256:short", [UNPINNED]),
        (None, [UNREADABLE]),
        ("", [UNREADABLE]),
        (7, [UNREADABLE]),
        ([], [UNREADABLE]),
    ],
)
def test_an_image_has_a_version(image: Plain, expected: list[str]) -> None:
    assert faults(IMAGES_PINNED, running(image)) == expected


def test_an_unknown_image_is_judged_later() -> None:
    assert undecided(IMAGES_PINNED, running(UNKNOWN)) == ["it"]
    assert faults(IMAGES_PINNED, running(UNKNOWN)) == []


@pytest.mark.parametrize(
    ("policy", "passes"),
    [(None, True), ("IfNotPresent", True), ("Always", True), ("Never", False), (UNKNOWN, False), ([], False)],
)
def test_images_are_pulled(policy: Plain, *, passes: bool) -> None:
    message = "containers, number 1: imagePullPolicy must be IfNotPresent or Always"
    found = faults(IMAGES_PINNED, running(f"{REGISTRY}/tmi:1.8", imagePullPolicy=policy))
    assert found == ([] if passes else [message])


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{REGISTRY}/tmi/tmi:1.8.22", []),
        (f"111111111111.dkr-ecr.eu-west-1.on.aws/tmi{DIGEST}", []),
        ("222222222222.dkr.ecr.eu-west-1.amazonaws.com/tmi:1.8.22", [ANOTHER]),
        ("haproxy:3.2.22", [FOREIGN]),
        ("public.ecr.aws/docker/library/haproxy:3.2.22", [FOREIGN]),
        ("ghcr.io/ericfitz/tmi:1.8.22", [FOREIGN]),
        (f"{REGISTRY}.example.com/tmi:1.8.22", [FOREIGN]),
        (f"example.com/{REGISTRY}/tmi:1.8.22", [FOREIGN]),
        (UNKNOWN, [FOREIGN]),
        (None, [FOREIGN]),
        ({}, [FOREIGN]),
    ],
)
def test_an_image_comes_from_our_account(image: Plain, expected: list[str]) -> None:
    assert faults(IMAGES_FROM_OWN_REGISTRY, PROVIDER, running(image)) == expected


@pytest.mark.parametrize("accounts", [["111111111111"], '["222222222222", "111111111111"]'])
def test_accounts_come_as_a_list_or_as_text(accounts: Plain) -> None:
    provider = resource("pulumi:providers:aws", "aws", {"allowedAccountIds": accounts})
    assert faults(IMAGES_FROM_OWN_REGISTRY, provider, running(f"{REGISTRY}/tmi:1.8.22")) == []


@pytest.mark.parametrize("accounts", [None, UNKNOWN, [UNKNOWN], "none"])
def test_whose_registry_it_is_cannot_be_told_without_accounts(accounts: Plain) -> None:
    provider = resource("pulumi:providers:aws", "aws", {"allowedAccountIds": accounts})
    found = running(f"{REGISTRY}/tmi:1.8.22")
    assert undecided(IMAGES_FROM_OWN_REGISTRY, provider, found) == ["it"]
    assert faults(IMAGES_FROM_OWN_REGISTRY, provider, running("docker.io/tmi:1.8.22")) == [FOREIGN]


STORE = resource("aws:ecr/repository:Repository", "store", {"name": "tmi/tmi"})
CACHE = resource("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "cache", {"ecrRepositoryPrefix": "tmi/public"})


@pytest.mark.parametrize(
    ("source", "path", "passes"),
    [
        (STORE, "tmi/tmi", True),
        (STORE, "tmi/tmi-other", False),
        (CACHE, "tmi/public/docker/library/haproxy", True),
        (CACHE, "tmi/publicity/haproxy", False),
    ],
)
def test_a_repository_of_the_stack_is_our_own_by_reference(source: Resource, path: str, *, passes: bool) -> None:
    pod = running(f"333333333333.dkr.ecr.eu-west-1.amazonaws.com/{path}:1.8.22")
    assert faults(IMAGES_FROM_OWN_REGISTRY, PROVIDER, source, pod) == [ANOTHER]
    found = faults(IMAGES_FROM_OWN_REGISTRY, PROVIDER, source, made_from(pod, "spec", source))
    assert found == ([] if passes else [ANOTHER])
    unknown = made_from(running(UNKNOWN), "spec", source)
    assert faults(IMAGES_FROM_OWN_REGISTRY, PROVIDER, source, unknown) == []
