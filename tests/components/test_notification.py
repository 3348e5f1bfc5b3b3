"""Messages reach people, by topics that nobody but the services that have something to say may write to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import pulumi_aws as aws
import pytest

from components.encryption import EncryptionArgs, KeyClass, service_statements
from components.monitoring.notification import PUBLISHERS, Notification, NotificationArgs, Told, topic_policy
from components.monitoring.rows import Severity
from components.publishers import PUBLISHERS as EVERY_PUBLISHER
from tests.cloud import Cloud, Declared, run
from tests.iam import findings
from tests.stack_files import OAUTH_SECRETS, STACKS, changed
from tests.stacks.program import record, recorded

ACCOUNT: Final = "111111111111"
ADDRESS: Final = "https://events.pager.example.com/integration/key-of-a-test/enqueue"
MARK: Final = "4dabf18193072939515e22adb298388d"
"""What marks a secret on its way to the engine."""
TOLD: Final = {
    Severity.PAGE: Told(emails=("one@example.com",), endpoints={"pager": ADDRESS}),
    Severity.TICKET: Told(emails=("one@example.com", "two@example.com"), endpoints={}),
    Severity.INFO: Told(emails=("two@example.com",), endpoints={}),
}


@cache
def notification() -> Cloud:
    args = NotificationArgs(stack_name="tmi-test", account=ACCOUNT, key_arn="arn:key", told=TOLD)
    return run(lambda: Notification("notification", args))


def document(severity: Severity) -> dict[str, dict[str, Any]]:
    """The statements of a topic's policy."""
    policy = notification().one(aws.sns.TopicPolicy, f"notification-{severity}-policy").inputs["policy"]
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


def test_each_severity_has_a_topic_under_the_key() -> None:
    topics = notification().of(aws.sns.Topic)
    assert {topic.name for topic in topics} == {f"notification-{severity}-topic" for severity in Severity}
    assert {topic.inputs["kmsMasterKeyId"] for topic in topics} == {"arn:key"}
    assert {topic.inputs["displayName"] for topic in topics} == {f"tmi-test {severity}" for severity in Severity}


def test_another_region_may_have_fewer() -> None:
    args = NotificationArgs(
        stack_name="tmi-test", account=ACCOUNT, key_arn="arn:key", told={Severity.PAGE: TOLD[Severity.PAGE]}
    )
    assert run(lambda: Notification("there", args)).one(aws.sns.Topic).name == "there-page-topic"


@pytest.mark.parametrize("severity", Severity)
def test_services_alone_publish_and_by_tls(severity: Severity) -> None:
    topic = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"
    assert findings(json.dumps(topic_policy(topic, ACCOUNT, severity))) == []
    statements = document(severity)
    refused = statements.pop("RefusePlainHttp")
    assert (refused["Effect"], refused["Principal"]) == ("Deny", "*")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    arn = notification().one(aws.sns.Topic, f"notification-{severity}-topic").inputs["arn"]
    for statement in statements.values():
        assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Allow", "sns:Publish", arn)
        assert set(statement["Principal"]) == {"Service"}


def test_a_page_comes_from_an_alarm_alone() -> None:
    assert set(document(Severity.PAGE)) == {"AlarmsPublish", "RefusePlainHttp"}
    assert document(Severity.PAGE)["AlarmsPublish"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_a_service_publishes_for_this_account_where_it_says_for_whom() -> None:
    statements = document(Severity.TICKET)
    account = {"aws:SourceAccount": ACCOUNT}
    assert statements["BudgetsPublish"]["Condition"] == {
        "StringEquals": account,
        "ArnLike": {"aws:SourceArn": f"arn:aws:budgets::{ACCOUNT}:*"},
    }
    assert statements["CostAnomaliesPublish"]["Condition"] == {"StringEquals": account}
    # EventBridge says nothing to an encrypted topic.
    assert "Condition" not in statements["EventsPublish"]


def test_every_mailbox_is_subscribed_to_what_it_is_to_hear_of() -> None:
    topics = {each.inputs["arn"]: each.name for each in notification().of(aws.sns.Topic)}
    mails = [each.inputs for each in notification().of(aws.sns.TopicSubscription) if each.inputs["protocol"] == "email"]
    assert sorted((topics[each["topic"]], each["endpoint"]) for each in mails) == sorted(
        (f"notification-{severity}-topic", address) for severity, told in TOLD.items() for address in told.emails
    )


def test_a_pager_confirms_itself_and_its_address_is_a_secret() -> None:
    pager = notification().one(aws.sns.TopicSubscription, "notification-page-pager").inputs
    assert (pager["protocol"], pager["endpointAutoConfirms"]) == ("https", True)
    assert pager["endpoint"] == {MARK: "1b47061264138c4ac30d75fd1eb44270", "value": ADDRESS}


ARGS: Final = EncryptionArgs(
    stack_name="tmi", account=ACCOUNT, region="eu-west-1", database_identifiers=(), deletion_protection=True
)


def test_whoever_publishes_may_use_the_key() -> None:
    may = {statement["Principal"]["Service"] for statement in service_statements(KeyClass.NOTIFICATIONS, ARGS)}
    assert may == {publisher.service for publisher in EVERY_PUBLISHER}
    assert may == {publisher.service for some in PUBLISHERS.values() for publisher in some}


def _declared_arn(resource: Declared) -> str:
    """The input of that name; the recorder's cloud gives everything an ARN of its own."""
    return str(dict(resource.request.object)["arn"])


def _targets(resource: Declared) -> list[str]:
    return [_declared_arn(resource)]


def _actions(resource: Declared) -> list[str]:
    return [*resource.inputs.get("alarmActions", []), *resource.inputs.get("okActions", [])]


def _budget(resource: Declared) -> list[str]:
    return [arn for each in resource.inputs["notifications"] for arn in each["subscriberSnsTopicArns"]]


def _subscribers(resource: Declared) -> list[str]:
    return [each["address"] for each in resource.inputs["subscribers"]]


PUBLISHING: Final[Mapping[str, tuple[str, Callable[[Declared], list[str]]]]] = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("cloudwatch.amazonaws.com", _actions),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch.amazonaws.com", _actions),
    "aws:budgets/budget:Budget": ("budgets.amazonaws.com", _budget),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": ("costalerts.amazonaws.com", _subscribers),
    "aws:cloudwatch/eventTarget:EventTarget": ("events.amazonaws.com", _targets),
}
"""What publishes: as which service, and where."""


def _published(cloud: Cloud) -> Iterator[tuple[Declared, str, str]]:
    for resource in cloud.resources:
        if resource.type in PUBLISHING:
            service, topics = PUBLISHING[resource.type]
            for arn in topics(resource):
                if ":sns:" in arn:
                    yield resource, service, arn


def test_the_stack_file_says_who_hears_of_what() -> None:
    whole = changed("dev", monitoring__notifications__ticket={"emails": [], "endpoints": ["tracker"], "chat": False})
    cloud = record(whole, stack="dev", secrets={**OAUTH_SECRETS, "tmi:notificationEndpoints": {"tracker": ADDRESS}})
    subscriptions = cloud.of(aws.sns.TopicSubscription)
    assert {each.name for each in subscriptions} == {
        "notification-page-tmi-operators@example.com",
        "notification-ticket-tracker",
        "notification-info-tmi-operators@example.com",
    }
    assert not any("tracker" in each.name for each in cloud.of(aws.secretsmanager.Secret))


@pytest.mark.parametrize("stack", STACKS)
def test_everything_that_publishes_may_and_only_once_it_may(stack: str) -> None:
    cloud = recorded(stack)
    policies = {_declared_arn(each): each for each in cloud.of(aws.sns.TopicPolicy)}
    used: set[tuple[str, str]] = set()
    for resource, service, arn in _published(cloud):
        policy = policies[arn]
        allowed = {
            statement["Principal"]["Service"]
            for statement in json.loads(policy.inputs["policy"])["Statement"]
            if statement["Effect"] == "Allow"
        }
        assert service in allowed, f"{resource.name} is not heard"
        assert policy.name in resource.dependencies, f"{resource.name} may come first"
        used.add((arn, service))
    assert {arn for arn, _ in used} == set(policies)
