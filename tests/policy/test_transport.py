from __future__ import annotations

from dataclasses import replace

import pytest

from policy.graph import Resource
from policy.rules.edge.transport import LISTENERS_TLS, POSTGRES_FORCES_TLS, REDIS_TLS_AND_TOKEN, TARGET_GROUPS_TLS
from policy.values import UNKNOWN, Plain
from tests.policy.making import PROVIDER, resource, undecided, violations

LISTENER = "aws:lb/listener:Listener"
GOOD_LISTENER: dict[str, Plain] = {
    "protocol": "HTTPS",
    "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "certificateArn": UNKNOWN,
    "defaultActions": [{"type": "forward"}],
}
TO_HTTPS: Plain = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}}
ONLY = "plain HTTP may only redirect to HTTPS: every action, and redirect.protocol HTTPS"
FAMILY = "take ELBSecurityPolicy-TLS13-1-2-Res-2021-06 or another of its family"


@pytest.mark.parametrize("token", [LISTENER, "aws:alb/listener:Listener"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}, []),
        ({"protocol": "HTTP", "defaultActions": [TO_HTTPS]}, []),
        ({"sslPolicy": "ELBSecurityPolicy-2016-08"}, [f"sslPolicy is ELBSecurityPolicy-2016-08; {FAMILY}"]),
        ({"sslPolicy": None}, [f"sslPolicy is absent; {FAMILY}"]),
        ({"sslPolicy": UNKNOWN}, [f"sslPolicy is unknown until it is deployed; {FAMILY}"]),
        ({"sslPolicy": ["x"]}, [f"sslPolicy is another value; {FAMILY}"]),
        ({"certificateArn": None}, ["certificateArn must name a certificate"]),
        ({"certificateArn": ""}, ["certificateArn must name a certificate"]),
        ({"protocol": "TCP"}, ["protocol is TCP; it must be HTTPS, TLS or a redirecting HTTP"]),
        ({"protocol": None}, ["protocol is absent; it must be HTTPS, TLS or a redirecting HTTP"]),
        (
            {"protocol": UNKNOWN},
            ["protocol is unknown until it is deployed; it must be HTTPS, TLS or a redirecting HTTP"],
        ),
        ({"protocol": "HTTP"}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": None}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": UNKNOWN}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": [TO_HTTPS, {"type": "forward"}]}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": [{"type": "redirect", "redirect": {"port": "443"}}]}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTP"}}]}, [ONLY]),
        ({"protocol": "HTTP", "defaultActions": [{"type": "redirect", "redirect": "HTTPS"}]}, [ONLY]),
    ],
)
def test_listeners(token: str, change: dict[str, Plain], expected: list[str]) -> None:
    found = violations(LISTENERS_TLS, resource(token, "it", GOOD_LISTENER | change))
    assert [message for _, message in found] == expected


@pytest.mark.parametrize("token", ["aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule"])
@pytest.mark.parametrize(
    ("protocol", "actions", "faults"),
    [
        ("HTTPS", [{"type": "forward"}], 0),
        ("HTTP", [TO_HTTPS], 0),
        ("HTTP", [{"type": "forward"}], 1),
        ("HTTP", [{"type": UNKNOWN}], 1),
        ("HTTP", None, 1),
        (UNKNOWN, [{"type": "forward"}], 1),
    ],
)
def test_the_rules_of_a_plain_listener_only_redirect(token: str, protocol: Plain, actions: Plain, faults: int) -> None:
    listener = resource(LISTENER, "it", {**GOOD_LISTENER, "protocol": protocol, "defaultActions": [TO_HTTPS]})
    rule = resource(token, "rule", {"actions": actions, "listenerArn": UNKNOWN}, listenerArn=listener)
    found = [name for name, _ in violations(LISTENERS_TLS, listener, rule)]
    assert found.count("rule") == faults


def test_a_rule_of_a_foreign_listener_is_undecided() -> None:
    rule = resource("aws:lb/listenerRule:ListenerRule", "rule", {"listenerArn": "arn", "actions": [TO_HTTPS]})
    assert violations(LISTENERS_TLS, rule) == []
    assert undecided(LISTENERS_TLS, rule) == ["rule"]


@pytest.mark.parametrize("token", ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"])
@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"protocol": "HTTPS", "healthCheck": {"protocol": "HTTPS"}}, []),
        ({"protocol": "TLS", "healthCheck": {"protocol": "HTTPS"}}, []),
        ({"targetType": "lambda"}, []),
        ({"targetType": "alb", "protocol": "TCP", "healthCheck": {"protocol": "HTTPS"}}, []),
        (
            {"targetType": "alb", "protocol": "TCP"},
            ["healthCheck.protocol is absent; it must be HTTPS"],
        ),
        (
            {"protocol": "HTTP", "healthCheck": {"protocol": "HTTPS"}},
            ["protocol is HTTP; it must be HTTPS or TLS"],
        ),
        ({"protocol": "HTTPS"}, ["healthCheck.protocol is absent; it must be HTTPS"]),
        (
            {"protocol": "HTTPS", "healthCheck": {"protocol": "HTTP"}},
            ["healthCheck.protocol is HTTP; it must be HTTPS"],
        ),
        (
            {"protocol": "HTTPS", "healthCheck": UNKNOWN},
            ["healthCheck.protocol is unknown until it is deployed; it must be HTTPS"],
        ),
        (
            {"protocol": UNKNOWN, "healthCheck": ["HTTPS"]},
            [
                "protocol is unknown until it is deployed; it must be HTTPS or TLS",
                "healthCheck.protocol is unknown until it is deployed; it must be HTTPS",
            ],
        ),
        (
            {},
            ["protocol is absent; it must be HTTPS or TLS", "healthCheck.protocol is absent; it must be HTTPS"],
        ),
    ],
)
def test_target_groups(token: str, properties: dict[str, Plain], expected: list[str]) -> None:
    found = violations(TARGET_GROUPS_TLS, resource(token, "it", properties))
    assert [message for _, message in found] == expected


INSTANCE = "aws:rds/instance:Instance"
FORCED: Plain = [{"name": "rds.force_ssl", "value": "1"}]
FAR = "urn:pulumi:test::tmi::pulumi:providers:aws::far"


def parameters(value: Plain = FORCED, family: Plain = "postgres17", name: str = "parameters") -> Resource:
    return resource("aws:rds/parameterGroup:ParameterGroup", name, {"family": family, "parameters": value})


def primary(group: Resource | None = None, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"engine": "postgres", "engineVersion": "17", "parameterGroupName": UNKNOWN, **properties}
    return resource(INSTANCE, "primary", known, parameterGroupName=[group] if group else [])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (FORCED, None),
        ([{"name": "log_statement", "value": "ddl"}, {"name": "rds.force_ssl", "value": 1}], None),
        ([{"name": "rds.force_ssl", "value": "0"}], "0"),
        ([{"name": "rds.force_ssl", "value": UNKNOWN}], "unknown until it is deployed"),
        ([{"name": "rds.force_ssl"}], "absent"),
        ([{"name": "rds.force_ssl", "value": ["1"]}], "another value"),
        ([], "absent"),
        (None, "absent"),
        (UNKNOWN, "absent"),
        ("rds.force_ssl=1", "absent"),
    ],
)
def test_force_ssl(value: Plain, shown: str | None) -> None:
    group = parameters(value)
    message = f"rds.force_ssl is {shown}; it must be 1, for it serves primary"
    assert violations(POSTGRES_FORCES_TLS, primary(group), group) == (
        [] if shown is None else [("parameters", message)]
    )


def test_one_of_two_values_is_not_enough() -> None:
    group = parameters([{"name": "rds.force_ssl", "value": "1"}, {"name": "rds.force_ssl", "value": "0"}])
    assert len(violations(POSTGRES_FORCES_TLS, primary(group), group)) == 1


@pytest.mark.parametrize("named", [None, "", "default.postgres17", UNKNOWN])
def test_a_group_that_is_not_of_the_stack_proves_nothing(named: Plain) -> None:
    found = violations(POSTGRES_FORCES_TLS, primary(parameterGroupName=named), parameters())
    assert found == [("primary", "parameterGroupName must name a parameter group of this stack")]


@pytest.mark.parametrize(
    ("version", "family", "matches"),
    [
        ("17", "postgres17", True),
        ("17.4", "postgres17", True),
        (17, "postgres17", True),
        ("16.9", "postgres17", False),
        ("17", "postgres1", False),
        (None, "postgres17", False),
        (UNKNOWN, "postgres17", False),
        ("17", UNKNOWN, False),
        ("17", None, False),
    ],
)
def test_the_family_is_of_the_major_version(version: Plain, family: Plain, *, matches: bool) -> None:
    group = parameters(family=family)
    found = violations(POSTGRES_FORCES_TLS, primary(group, engineVersion=version), group)
    assert [name for name, _ in found] == ([] if matches else ["parameters"])


def test_other_engines_are_not_judged_and_unknown_ones_are() -> None:
    assert violations(POSTGRES_FORCES_TLS, primary(engine="mariadb")) == []
    assert len(violations(POSTGRES_FORCES_TLS, primary(engine=UNKNOWN))) == 1


def test_a_replica_inherits_within_its_region_alone() -> None:
    group = parameters()
    first = primary(group)
    replica = resource(INSTANCE, "replica", {"replicateSourceDb": UNKNOWN}, replicateSourceDb=first)
    cascaded = resource(INSTANCE, "cascaded", {"replicateSourceDb": UNKNOWN}, replicateSourceDb=replica)
    assert violations(POSTGRES_FORCES_TLS, first, group, replica, cascaded) == []
    bad = parameters([])
    assert [name for name, _ in violations(POSTGRES_FORCES_TLS, primary(bad), bad, replica)] == ["parameters"] * 2
    for far in (
        resource(INSTANCE, "replica", {"replicateSourceDb": UNKNOWN}, provider=FAR, replicateSourceDb=first),
        resource(INSTANCE, "replica", {"region": "eu-central-1"}, replicateSourceDb=first),
    ):
        found = violations(POSTGRES_FORCES_TLS, first, group, far)
        assert found == [("replica", "parameterGroupName must name a parameter group of this stack")]


def test_two_providers_of_one_region_are_one_region() -> None:
    group = parameters()
    first = primary(group)
    replica = resource(INSTANCE, "replica", provider=FAR, replicateSourceDb=first)
    providers = [
        replace(resource("pulumi:providers:aws", "p", {"region": "eu-west-1"}), urn=urn) for urn in (PROVIDER, FAR)
    ]
    assert violations(POSTGRES_FORCES_TLS, first, group, replica, *providers) == []


def test_replicas_of_each_other_end_the_walk() -> None:
    one = resource(INSTANCE, "one", replicateSourceDb=resource(INSTANCE, "two"))
    two = resource(INSTANCE, "two", replicateSourceDb=one)
    assert {name for name, _ in violations(POSTGRES_FORCES_TLS, one, two)} == {"one", "two"}


CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
GOOD_CACHE: dict[str, Plain] = {
    "transitEncryptionEnabled": True,
    "transitEncryptionMode": "required",
    "authTokenWo": UNKNOWN,
}
ANYBODY = "it admits anybody: give authTokenWo, or userGroupIds"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"authTokenWo": None, "authToken": "swordfish"}, []),
        ({"authTokenWo": None, "authTokenWoVersion": 1}, []),
        ({"authTokenWo": None, "userGroupIds": [UNKNOWN]}, []),
        ({"authTokenWo": None}, [ANYBODY]),
        ({"authTokenWo": "", "userGroupIds": []}, [ANYBODY]),
        ({"transitEncryptionEnabled": None}, ["transitEncryptionEnabled is absent; it must be true"]),
        ({"transitEncryptionEnabled": False}, ["transitEncryptionEnabled is false; it must be true"]),
        ({"transitEncryptionEnabled": "true"}, ["transitEncryptionEnabled is another text; it must be true"]),
        (
            {"transitEncryptionEnabled": UNKNOWN},
            ["transitEncryptionEnabled is unknown until it is deployed; it must be true"],
        ),
        ({"transitEncryptionMode": "preferred"}, ["transitEncryptionMode is preferred; it must be required"]),
        ({"transitEncryptionMode": None}, ["transitEncryptionMode is absent; it must be required"]),
        (
            {"transitEncryptionMode": UNKNOWN},
            ["transitEncryptionMode is unknown until it is deployed; it must be required"],
        ),
    ],
)
def test_redis(change: dict[str, Plain], expected: list[str]) -> None:
    found = violations(REDIS_TLS_AND_TOKEN, resource(CACHE, "it", GOOD_CACHE | change))
    assert [message for _, message in found] == expected


@pytest.mark.parametrize(
    ("properties", "allowed"),
    [
        ({"engine": "memcached"}, True),
        ({"replicationGroupId": UNKNOWN}, True),
        ({"engine": "redis"}, False),
        ({"engine": UNKNOWN}, False),
        ({}, False),
    ],
)
def test_a_single_cache_cluster_can_do_neither(properties: dict[str, Plain], *, allowed: bool) -> None:
    found = violations(REDIS_TLS_AND_TOKEN, resource("aws:elasticache/cluster:Cluster", "it", properties))
    assert (found == []) is allowed
