"""Registry: images stay, are scanned, go when they are old, and come by a template."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.data.registry import IMAGES_UNCHANGING, PULLS_BY_TEMPLATE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

REPOSITORY = "aws:ecr/repository:Repository"
TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
ON_PUSH: Plain = {"scanOnPush": True}
SOUND: dict[str, Plain] = {"name": "tmi/tmi", "imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": ON_PUSH}
MUTABLE = "imageTagMutability must be IMMUTABLE"
UNSCANNED = "no scan of its images when they come: scanOnPush, or a rule of the registry's"


def lifecycle(repository: Resource) -> Resource:
    return resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "lifecycle", repository=repository)


def scanning(pattern: Plain, frequency: Plain = "SCAN_ON_PUSH", **more: Plain) -> Resource:
    rules: Plain = [{"scanFrequency": frequency, "repositoryFilters": [{"filter": pattern, "filterType": "WILDCARD"}]}]
    token = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"  # noqa: S105 -- a type token
    return resource(token, "scanning", {"rules": rules, **more})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({"imageTagMutability": None}, MUTABLE),
        ({"imageTagMutability": "MUTABLE"}, MUTABLE),
        ({"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}, MUTABLE),
        ({"imageTagMutability": UNKNOWN}, MUTABLE),
        ({"imageScanningConfiguration": None}, UNSCANNED),
        ({"imageScanningConfiguration": {"scanOnPush": False}}, UNSCANNED),
        ({"imageScanningConfiguration": UNKNOWN}, UNSCANNED),
    ],
)
def test_a_repositorys_images_stay_and_are_scanned(changed: dict[str, Plain], message: str) -> None:
    repository = resource(REPOSITORY, "it", SOUND | changed)
    assert violations(IMAGES_UNCHANGING, repository, lifecycle(repository)) == ([("it", message)] if message else [])


@pytest.mark.parametrize(
    ("configuration", "covers"),
    [
        (scanning("*"), True),
        (scanning("*", "CONTINUOUS_SCAN"), True),
        (scanning("tmi/*"), True),
        (scanning("other/*"), False),
        (scanning("*", "MANUAL"), False),
        (scanning("*", UNKNOWN), False),
        (scanning(UNKNOWN), False),
        (scanning("*", region="eu-central-1"), False),
        (resource(scanning("*").type, "scanning", {"rules": UNKNOWN}), False),
    ],
)
def test_the_registry_may_scan_instead(configuration: Resource, *, covers: bool) -> None:
    repository = resource(REPOSITORY, "it", SOUND | {"imageScanningConfiguration": None})
    found = violations(IMAGES_UNCHANGING, repository, lifecycle(repository), configuration)
    assert found == ([] if covers else [("it", UNSCANNED)])


def test_a_repository_tidies_up() -> None:
    message = "it has no LifecyclePolicy, so it keeps each image for ever"
    assert violations(IMAGES_UNCHANGING, resource(REPOSITORY, "it", SOUND)) == [("it", message)]


def template(occasions: Plain, **more: Plain) -> Resource:
    known: dict[str, Plain] = {"prefix": "public", "imageTagMutability": "IMMUTABLE", "appliedFors": occasions}
    return resource(TEMPLATE, "it", known | more)


@pytest.mark.parametrize(
    ("occasions", "lifecycle_policy", "scanned", "messages"),
    [
        (["PULL_THROUGH_CACHE"], None, True, []),
        (["PULL_THROUGH_CACHE"], None, False, [UNSCANNED]),
        (["REPLICATION"], "{}", False, []),
        (["REPLICATION"], None, False, ["lifecyclePolicy must say which images its repositories lose"]),
        (["REPLICATION", "PULL_THROUGH_CACHE"], "{}", False, [UNSCANNED]),
        (UNKNOWN, "{}", False, [UNSCANNED]),
        (None, None, True, ["lifecyclePolicy must say which images its repositories lose"]),
    ],
)
def test_a_templates_repositories(
    occasions: Plain, lifecycle_policy: Plain, messages: list[str], *, scanned: bool
) -> None:
    made = template(occasions, lifecyclePolicy=lifecycle_policy)
    around = [scanning("public/*" if scanned else "other/*")]
    assert [message for _, message in violations(IMAGES_UNCHANGING, made, *around)] == messages


def test_a_templates_tags_stay() -> None:
    made = template(["PULL_THROUGH_CACHE"], imageTagMutability="MUTABLE")
    assert violations(IMAGES_UNCHANGING, made, scanning("*")) == [("it", MUTABLE)]


PULLS = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"


@pytest.mark.parametrize(
    ("made", "prefix", "passes"),
    [
        (template(["PULL_THROUGH_CACHE"]), "public", True),
        (template(["PULL_THROUGH_CACHE", "REPLICATION"]), "public", True),
        (template(["PULL_THROUGH_CACHE"], prefix="ROOT"), "public", True),
        (template(["PULL_THROUGH_CACHE"]), "other", False),
        (template(["PULL_THROUGH_CACHE"]), UNKNOWN, False),
        (template(["PULL_THROUGH_CACHE"]), None, False),
        (template(["REPLICATION"]), "public", False),
        (template(UNKNOWN), "public", False),
        (template(["PULL_THROUGH_CACHE"], region="eu-central-1"), "public", False),
    ],
)
def test_pulls_go_by_a_template(made: Resource, prefix: Plain, *, passes: bool) -> None:
    rule = resource(PULLS, "rule", {"ecrRepositoryPrefix": prefix})
    message = "no template of this stack is for its prefix and for PULL_THROUGH_CACHE"
    assert violations(PULLS_BY_TEMPLATE, rule, made) == ([] if passes else [("rule", message)])


def test_a_reference_names_the_template_with_its_prefix_unknown() -> None:
    made = template(["PULL_THROUGH_CACHE"], prefix=UNKNOWN)
    rule = resource(PULLS, "rule", {"ecrRepositoryPrefix": UNKNOWN}, ecrRepositoryPrefix=made)
    assert violations(PULLS_BY_TEMPLATE, rule, made) == []
    assert len(violations(PULLS_BY_TEMPLATE, rule)) == 1
