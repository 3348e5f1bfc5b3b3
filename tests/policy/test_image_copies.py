"""Images in another region."""

from __future__ import annotations

import pytest

from policy.graph import PROVIDER, Resource
from policy.rules.data.image_copies import IMAGES_ELSEWHERE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

REPOSITORY = "aws:ecr/repository:Repository"
CONFIGURATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
HOME = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1"},
)
TMI = resource(REPOSITORY, "it", {"name": "tmi-prod/tmi"})
ALONE = [("it", "no ReplicationConfiguration of this stack copies its images to another region")]
AWAY: Plain = {"region": "eu-central-1", "registryId": "111111111111"}


def rules(destination: Plain = AWAY, *prefixes: Plain) -> Plain:
    filters: Plain = [{"filter": prefix, "filterType": "PREFIX_MATCH"} for prefix in prefixes]
    return {"rules": [{"destinations": [destination], "repositoryFilters": filters}]}


@pytest.mark.parametrize(
    ("configuration", "passes"),
    [
        (rules(), True),
        (rules(AWAY, "tmi-prod/"), True),
        (rules(AWAY, "other", "tmi-prod/tmi"), True),
        (rules(AWAY, "other"), False),
        (rules(AWAY, UNKNOWN), False),
        (rules({"region": "eu-west-1"}), False),
        (rules({"region": UNKNOWN}), False),
        (rules({}), False),
        ({"rules": []}, False),
        ({"rules": [7, UNKNOWN, "x\ny"]}, False),
        (UNKNOWN, False),
        (None, False),
    ],
)
def test_an_image_of_production_is_copied_to_another_region(configuration: Plain, *, passes: bool) -> None:
    copying = resource(CONFIGURATION, "copying", {"replicationConfiguration": configuration})
    assert violations(IMAGES_ELSEWHERE, HOME, TMI, copying) == ([] if passes else ALONE)


def test_a_name_that_is_not_known_may_match() -> None:
    unnamed = resource(REPOSITORY, "it", {"name": UNKNOWN})
    copying = resource(CONFIGURATION, "copying", {"replicationConfiguration": rules(AWAY, "tmi")})
    assert violations(IMAGES_ELSEWHERE, HOME, unnamed, copying) == []


@pytest.mark.parametrize("tags", [{"tmi:tier": "development"}, {"tmi:disposable": "true"}])
def test_what_can_be_built_again_need_not_be_copied(tags: Plain) -> None:
    assert violations(IMAGES_ELSEWHERE, HOME, resource(REPOSITORY, "it", {"tags": tags})) == []
    assert violations(IMAGES_ELSEWHERE, HOME, TMI) == ALONE
