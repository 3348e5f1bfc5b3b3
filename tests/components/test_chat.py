"""A channel hears of messages and can look at metrics, and nothing else."""

from __future__ import annotations

import json
from typing import Final

import pulumi_aws as aws
import pytest

from components.monitoring.chat import Chat, ChatArgs
from components.settings.notification import SlackChat, TeamsChat
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.stack_files import changed
from tests.stacks.program import record, recorded

SLACK: Final = SlackChat(kind="slack", workspace_id="T0000EXAMPLE", channel_id="C0000EXAMPLE")
TEAMS: Final = TeamsChat(
    kind="teams",
    tenant_id="00000000-0000-0000-0000-000000000001",
    team_id="00000000-0000-0000-0000-000000000002",
    channel_id="19%3aexample%40thread.tacv2",
)
TOPICS: Final = ["arn:aws:sns:eu-west-1:111111111111:page", "arn:aws:sns:eu-west-1:111111111111:info"]


def chat(channel: SlackChat | TeamsChat) -> Cloud:
    return run(lambda: Chat("chat", ChatArgs(stack_name="tmi-test", channel=channel, topic_arns=TOPICS)))


def test_a_channel_of_slack_hears_of_the_topics() -> None:
    channel = chat(SLACK).one(aws.chatbot.SlackChannelConfiguration).inputs
    assert (channel["slackTeamId"], channel["slackChannelId"]) == ("T0000EXAMPLE", "C0000EXAMPLE")
    assert (channel["configurationName"], channel["snsTopicArns"]) == ("tmi-test", TOPICS)


def test_a_channel_of_teams_hears_of_the_topics() -> None:
    channel = chat(TEAMS).one(aws.chatbot.TeamsChannelConfiguration).inputs
    assert (channel["tenantId"], channel["teamId"]) == (TEAMS.tenant_id, TEAMS.team_id)
    assert channel["channelId"] == "19%3aexample%40thread.tacv2"
    assert (channel["configurationName"], channel["snsTopicArns"]) == ("tmi-test", TOPICS)


@pytest.mark.parametrize(
    ("channel", "kind"),
    [(SLACK, aws.chatbot.SlackChannelConfiguration), (TEAMS, aws.chatbot.TeamsChannelConfiguration)],
)
def test_the_service_stands_where_it_has_an_endpoint_and_keeps_no_log(
    channel: SlackChat | TeamsChat, kind: type[aws.chatbot.SlackChannelConfiguration]
) -> None:
    made = chat(channel).one(kind).inputs
    assert made["region"] in {"us-east-2", "us-west-2", "eu-west-1", "ap-southeast-1"}
    assert made["loggingLevel"] == "NONE"


@pytest.mark.parametrize("channel", [SLACK, TEAMS])
def test_whoever_is_in_the_channel_looks_at_metrics_and_does_nothing(channel: SlackChat | TeamsChat) -> None:
    cloud = chat(channel)
    role = cloud.one(aws.iam.Role)
    (made,) = [each for each in cloud.resources if each.type.startswith("aws:chatbot/")]
    assert made.inputs["iamRoleArn"] == role.inputs["arn"]
    assert made.inputs["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "chatbot.amazonaws.com"}
    document = cloud.one(aws.iam.RolePolicy).inputs["policy"]
    assert [finding for finding in findings(document) if not finding.startswith("RESOURCE_STAR - ")] == []
    (statement,) = json.loads(document)["Statement"]
    for action in statement["Action"]:
        service, name = action.split(":")
        assert service == "cloudwatch"
        assert name.startswith(("Describe", "Get", "List"))
        assert "*" not in name


def test_the_stack_file_says_what_appears_there() -> None:
    topics = {each.name: each.inputs["arn"] for each in recorded("prod").of(aws.sns.Topic) if each.provider == "aws"}
    shown = recorded("prod").one(aws.chatbot.SlackChannelConfiguration).inputs["snsTopicArns"]
    assert set(shown) == set(topics.values())
    quiet = record(changed("prod", monitoring__notifications__info__chat=False), stack="prod")
    shown = quiet.one(aws.chatbot.SlackChannelConfiguration).inputs["snsTopicArns"]
    assert set(shown) == {topics["notification-page-topic"], topics["notification-ticket-topic"]}
    assert not any(each.type == Chat.TYPE for each in recorded("dev").resources)
