"""People: no lasting credentials, and no chat that may do everything."""

from __future__ import annotations

import pytest

from policy.rules.identity.people import CHATS_GUARDED, IDENTITIES_FEDERATED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

SLACK = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
NOTHING = "guardrailPolicyArns must name a policy: AWS's default is AdministratorAccess"


@pytest.mark.parametrize("token", sorted(IDENTITIES_FEDERATED.types))
def test_the_stack_makes_no_users(token: str) -> None:
    message = "it is a lasting credential, or its user: let people federate and workloads take roles"
    assert violations(IDENTITIES_FEDERATED, resource(token, "it", {"name": "x\ny"})) == [("it", message)]


@pytest.mark.parametrize("token", sorted(CHATS_GUARDED.types))
@pytest.mark.parametrize(
    ("guards", "messages"),
    [
        (["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"], []),
        (["arn:aws:iam::aws:policy/ReadOnlyAccess"], []),
        (["arn:aws:iam::111111111111:policy/chat"], []),
        (None, [NOTHING]),
        ([], [NOTHING]),
        (
            ["arn:aws:iam::aws:policy/AdministratorAccess"],
            ["guardrailPolicyArns names AWS's AdministratorAccess; name what a chat needs"],
        ),
        (
            ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AmazonS3FullAccess"],
            ["guardrailPolicyArns names AWS's AmazonS3FullAccess; name what a chat needs"],
        ),
        ([7, None], []),
    ],
)
def test_a_chat_is_guarded(token: str, guards: Plain, messages: list[str]) -> None:
    chat = resource(token, "it", {"guardrailPolicyArns": guards})
    assert violations(CHATS_GUARDED, chat) == [("it", message) for message in messages]


@pytest.mark.parametrize("guards", [UNKNOWN, [UNKNOWN], "x\ny"])
def test_a_guard_that_cannot_be_read_is_judged_later(guards: Plain) -> None:
    chat = resource(SLACK, "it", {"guardrailPolicyArns": guards})
    assert undecided(CHATS_GUARDED, chat) == ["it"]
    assert violations(CHATS_GUARDED, chat) == []
