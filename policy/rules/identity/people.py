"""People: they come by federation, for a while, and a chat may do no more than look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.rules.identity.wildcards import BANNED
from policy.values import UNKNOWN, elements

_LASTING: Final = frozenset(
    {
        "aws:iam/accessKey:AccessKey",
        "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
        "aws:iam/signingCertificate:SigningCertificate",
        "aws:iam/sshKey:SshKey",
        "aws:iam/user:User",
        "aws:iam/userLoginProfile:UserLoginProfile",
    }
)
_CHATS: Final = frozenset(
    {
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
    }
)


def identities_federated(resource: Resource) -> Iterator[Violation]:
    """No user of IAM is declared, nor anything that only such a user has."""
    yield Violation(resource, "it is a lasting credential, or its user: let people federate and workloads take roles")


def chats_guarded(chat: Resource) -> Iterator[Finding]:
    """Each channel of a chat says what its members may do at most; AWS's default is everything."""
    guards = elements(chat.get("guardrailPolicyArns"))
    if not guards:  # absent: AdministratorAccess
        yield Violation(chat, "guardrailPolicyArns must name a policy: AWS's default is AdministratorAccess")
    for arn in guards:
        if arn is UNKNOWN:
            yield Undecided(chat, "what its members may do at most")
        elif isinstance(arn, str) and (found := BANNED.fullmatch(arn)) and found[1] != "ReadOnlyAccess":
            yield Violation(chat, f"guardrailPolicyArns names AWS's {found[1]}; name what a chat needs")


IDENTITIES_FEDERATED: Final = ResourceRule(
    about=Description(
        id="identities-federated",
        title="The stack makes no users of IAM",
        severity=Severity.HIGH,
        frameworks=("FSBP IAM.2", "CIS AWS 1.15", "WA SEC02"),
        why="A user's keys do not end: whoever finds them in a file next year is that user.",
        remediation="Take roles: IAM Identity Center for people, Pod Identity for pods, OIDC for pipelines.",
    ),
    types=_LASTING,
    check=identities_federated,
)
CHATS_GUARDED: Final = ResourceRule(
    about=Description(
        id="chats-guarded",
        title="Channels of a chat are guarded by a policy",
        severity=Severity.HIGH,
        frameworks=("WA SEC03",),
        why="A channel without one guards by AdministratorAccess: whoever is in it may do what its role may do.",
        remediation="Give guardrailPolicyArns, such as CloudWatchReadOnlyAccess.",
    ),
    types=_CHATS,
    check=chats_guarded,
)
