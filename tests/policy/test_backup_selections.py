"""What a selection of AWS Backup surely picks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policy.facts.backup_selections import selects
from policy.facts.replicas import DATABASE
from policy.graph import PROVIDER, Graph, Resource
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource

HERE = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1", "defaultTags": json.dumps({"tags": {"tmi:stack": "tmi-prod", "backup": "no"}})},
)
INSTANCE = resource(DATABASE, "db", {"identifier": "tmi-prod-main", "tags": {"backup": "daily"}})
ALL = "arn:aws:rds:eu-west-1:111111111111:db:*"


def picked(properties: dict[str, Plain], instance: Resource = INSTANCE, *made_from: Resource) -> bool:
    selection = resource("aws:backup/selection:Selection", "it", properties, resources=made_from)
    return selects(Graph.of(HERE, instance, selection), selection, instance)


@pytest.mark.parametrize(
    ("pattern", "picks"),
    [
        ("*", True),
        (ALL, True),
        ("arn:aws:rds:*:*:db:*", True),
        ("arn:aws:rds:eu-west-1:111111111111:db:tmi-prod-main", True),
        ("arn:aws:rds:eu-west-1:111111111111:db:tmi-prod-*", True),
        ("arn:aws:rds:eu-west-1:111111111111:db:tmi-dev-*", False),
        ("arn:aws:rds:eu-central-1:111111111111:db:*", False),
        ("arn:aws:rds:eu-west-1:111111111111:cluster:*", False),
        ("arn:aws:ec2:eu-west-1:111111111111:db:*", False),
        ("arn:aws:rds:*", False),
        (UNKNOWN, False),
        (7, False),
    ],
)
def test_patterns_over_arns(pattern: Plain, *, picks: bool) -> None:
    assert picked({"resources": [pattern]}) is picks


@pytest.mark.parametrize("identifier", [None, UNKNOWN])
def test_a_name_that_is_not_known_matches_a_wildcard_alone(identifier: Plain) -> None:
    instance = replace(INSTANCE, properties={"identifier": identifier})
    assert picked({"resources": [ALL]}, instance)
    assert not picked({"resources": ["arn:aws:rds:eu-west-1:111111111111:db:tmi-*"]}, instance)


def test_a_reference_names_it_with_every_id_unknown() -> None:
    assert picked({"resources": [UNKNOWN]}, INSTANCE, INSTANCE)
    assert not picked({"resources": [UNKNOWN]})


def equal(key: Plain, value: Plain) -> Plain:
    return {"stringEquals": [{"key": key, "value": value}]}


@pytest.mark.parametrize(
    ("conditions", "picks"),
    [
        (None, True),
        ([], True),
        ([equal("aws:ResourceTag/backup", "daily")], True),
        ([equal("aws:ResourceTag/tmi:stack", "tmi-prod")], True),
        ([equal("aws:ResourceTag/backup", "daily"), equal("aws:ResourceTag/tmi:stack", "tmi-prod")], True),
        ([equal("aws:ResourceTag/backup", "daily"), equal("aws:ResourceTag/tmi:stack", "tmi-dev")], False),
        ([equal("aws:ResourceTag/backup", "no")], False),
        ([equal("aws:ResourceTag/absent", None)], False),
        ([equal("backup", "daily")], False),
        ([equal("aws:ResourceTag/backup", UNKNOWN)], False),
        ([{"stringEquals": UNKNOWN}], False),
        ([{"stringNotEquals": [{"key": "aws:ResourceTag/backup", "value": "no"}]}], False),
        ([{"stringLikes": [{"key": "aws:ResourceTag/backup", "value": "d*"}]}], False),
        (UNKNOWN, False),
    ],
)
def test_all_conditions_hold(conditions: Plain, *, picks: bool) -> None:
    assert picked({"resources": [ALL], "conditions": conditions}) is picks


@pytest.mark.parametrize(
    ("entry", "picks"),
    [
        ({"type": "STRINGEQUALS", "key": "backup", "value": "daily"}, True),
        ({"type": "STRINGEQUALS", "key": "backup", "value": "weekly"}, False),
        ({"type": "STRINGEQUALS", "key": "backup", "value": UNKNOWN}, False),
        ({"type": UNKNOWN, "key": "backup", "value": "daily"}, False),
        (UNKNOWN, False),
    ],
)
def test_tags_name_it_too(entry: Plain, *, picks: bool) -> None:
    assert picked({"selectionTags": [entry]}) is picks
    assert picked({"selectionTags": [entry], "resources": ["arn:aws:rds:eu-central-1:*:db:*"]}) is picks
    assert not picked({"selectionTags": [entry], "conditions": [equal("aws:ResourceTag/backup", "no")]})


@pytest.mark.parametrize("left_out", [["arn:aws:rds:eu-west-1:111111111111:db:tmi-prod-main"], UNKNOWN])
def test_what_leaves_something_out_proves_nothing(left_out: Plain) -> None:
    assert not picked({"resources": [ALL], "notResources": left_out})


def test_nothing_named_is_nothing_proved() -> None:
    assert not picked({})
    assert not picked({"conditions": [equal("aws:ResourceTag/backup", "daily")]})
