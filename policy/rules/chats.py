"""Chats: what reads along in a channel may look, and do nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.graph import Graph
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import elements, present

CHANNELS: Final = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)
_READING: Final = re.compile(r"arn:[\w-]+:iam::aws:policy/(?:[\w-]+/)*\w*(?:ReadOnlyAccess|ViewOnlyAccess|ReadOnly)")
"""A policy of AWS's own that only reads, by its name: they are called so."""
_POLICY: Final = "aws:iam/policy:Policy"


def chats_look_only(graph: Graph) -> Iterator[Violation]:
    """The guardrails of a channel are given, and let it read alone or are policies of the stack."""
    for channel in graph.of_type(*CHANNELS):
        guardrails = elements(channel.get("guardrailPolicyArns"))
        own = graph.references(channel, "guardrailPolicyArns", {_POLICY})
        wide = [each for each in guardrails if not (isinstance(each, str) and _READING.fullmatch(each))]
        if not present(guardrails):  # AWS's default is AdministratorAccess
            yield Violation(channel, "it has no guardrailPolicyArns, so its role alone bounds what a message can do")
        elif len(wide) > len(own):
            yield Violation(
                channel, "one of its guardrailPolicyArns is no policy of AWS's that only reads, nor the stack's"
            )


CHATS_LOOK_ONLY: Final = GraphRule(
    about=Description(
        id="chats-look-only",
        title="Whoever writes in a channel of a chat can look at the account, and do nothing in it",
        severity=Severity.HIGH,
        frameworks=("WA SEC03", "FSBP IAM.1"),
        why="A channel acts with its role for everybody in it, and without guardrails these are AdministratorAccess.",
        remediation="Name ReadOnlyAccess policies of AWS's, or a Policy of the stack, in guardrailPolicyArns.",
    ),
    check=chats_look_only,
)
