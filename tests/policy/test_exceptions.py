from __future__ import annotations

from dataclasses import replace
from datetime import date

from policy.exceptions import EXCEPTIONS, PolicyException, faults, in_force
from policy.graph import Graph
from policy.rules import RULES
from tests.policy.making import resource

TODAY = date(2030, 6, 15)
LOG = resource("aws:cloudwatch/logGroup:LogGroup", "canary-eu")
ACCEPTED = PolicyException(
    rule="storage-customer-key",
    stack="tmi/test",
    resource="aws:cloudwatch/logGroup:LogGroup::canary-*",
    reason="the canary logs nothing that is not public",
    owner="operations@example.com",
    expires=TODAY,
)


def faults_of(exception: PolicyException) -> list[str]:
    return [fault for _, fault in faults([exception], RULES, Graph.of(LOG), TODAY)]


def test_an_exception_that_matches_is_in_force_until_its_last_day() -> None:
    assert faults_of(ACCEPTED) == []
    assert ACCEPTED.covers("storage-customer-key", LOG, TODAY)
    assert in_force([ACCEPTED], Graph.of(LOG), TODAY) == [ACCEPTED]


def test_an_expired_one_no_longer_helps() -> None:
    expired = replace(ACCEPTED, expires=date(2030, 6, 14))
    assert faults_of(expired) == ["has expired: fix the resource, or renew the decision"]
    assert not expired.covers("storage-customer-key", LOG, TODAY)
    assert in_force([expired], Graph.of(LOG), TODAY) == []


def test_one_that_matches_nothing_is_dead_wood() -> None:
    for change in ({"resource": "aws:cloudwatch/logGroup:LogGroup::server"}, {"rule": "listeners-tls"}):
        assert faults_of(replace(ACCEPTED, **change)) == ["matches no violation: remove it"]


def test_one_for_no_rule_is_a_mistake() -> None:
    assert faults_of(replace(ACCEPTED, rule="storage-customer-keys")) == ["names no rule of this pack"]


def test_one_for_another_stack_is_not_judged_here_nor_does_it_help() -> None:
    elsewhere = replace(ACCEPTED, stack="tmi/prod", expires=date(2000, 1, 1))
    assert faults_of(elsewhere) == []
    assert not replace(ACCEPTED, stack="tmi/prod").covers("storage-customer-key", LOG, TODAY)
    assert in_force([replace(ACCEPTED, stack="tmi/prod")], Graph.of(LOG), TODAY) == []


def test_it_covers_its_own_rule_and_the_whole_type_alone() -> None:
    assert not ACCEPTED.covers("iam-no-wildcards", LOG, TODAY)
    assert not ACCEPTED.covers("storage-customer-key", resource("aws:sqs/queue:Queue", "canary-eu"), TODAY)


def test_each_exception_says_why_and_who() -> None:
    assert all(each.reason and each.owner for each in (*EXCEPTIONS, ACCEPTED))
