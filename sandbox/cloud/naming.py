"""Physical names that the AWS provider makes up."""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.cloud.catalogue import Kind, ResourceType, shapes

if TYPE_CHECKING:
    from sandbox.cloud.values import Properties

RANDOM_DIGITS: Final = 7  # pulumi-terraform-bridge's AutoName


@dataclass(frozen=True, slots=True)
class AutoName:
    """How the provider names what the program does not."""

    property: str = "name"
    longest: int = 255
    lower_case: bool = False
    prefix: str = ""


# pulumi-aws names every resource that has an optional `name`, in 255 characters at most (SetAutonaming(255, "-")), but
# for these, from provider/resources.go of pulumi/pulumi-aws; the limits are the AWS API's.
AUTO_NAMES: Final[dict[str, AutoName]] = {
    "aws:cloudwatch/eventRule:EventRule": AutoName(longest=64),
    "aws:ecr/repository:Repository": AutoName(lower_case=True),
    "aws:elasticache/replicationGroup:ReplicationGroup": AutoName("replicationGroupId", longest=40, lower_case=True),
    "aws:iam/instanceProfile:InstanceProfile": AutoName(longest=128),
    "aws:iam/policy:Policy": AutoName(longest=128),
    "aws:iam/role:Role": AutoName(longest=64),
    "aws:kms/alias:Alias": AutoName(longest=256, prefix="alias/"),
    "aws:lambda/function:Function": AutoName(longest=64),
    "aws:lb/loadBalancer:LoadBalancer": AutoName(longest=32),
    "aws:lb/targetGroup:TargetGroup": AutoName(longest=32),
    "aws:rds/parameterGroup:ParameterGroup": AutoName(lower_case=True),
    "aws:rds/subnetGroup:SubnetGroup": AutoName(lower_case=True),
    "aws:s3/bucket:Bucket": AutoName("bucket", longest=63, lower_case=True),
    "aws:sns/topic:Topic": AutoName(longest=256),
    "aws:sqs/queue:Queue": AutoName(longest=80),
}


class NameTooLongError(ValueError):
    """A logical name leaves no room for the provider's suffix."""


def auto_name_of(kind: ResourceType) -> AutoName | None:
    """Say how the provider names resources of a type; ``None`` where it does not."""
    if kind.token in AUTO_NAMES:
        return AUTO_NAMES[kind.token]
    annotation = kind.inputs.types.get("name")
    named = annotation is not None and [shape.kind for shape in shapes(annotation)] == [Kind.STRING]
    return AutoName() if named and kind.token.startswith("aws:") and "name" not in kind.inputs.required else None


def with_auto_name(
    kind: ResourceType, name: str, seed: bytes, inputs: Properties, old_inputs: Properties
) -> Properties:
    """Give inputs with their physical name: the program's, else the one it had, else a new one from the engine's seed.

    Raises :class:`NameTooLongError`, as the bridge does: it never shortens a name.
    """
    rule = auto_name_of(kind)
    if rule is None or inputs.get(rule.property) is not None or inputs.get(f"{rule.property}Prefix") is not None:
        return inputs
    return {**inputs, rule.property: old_inputs.get(rule.property) or make_name(rule, name, seed)}


def is_made_up(kind: ResourceType, name: str, inputs: Properties) -> bool:
    """Say whether the physical name among the inputs is one that the provider made from the logical name."""
    rule = auto_name_of(kind)
    value = inputs.get(rule.property) if rule else None
    if rule is None or not isinstance(value, str):
        return False
    stem, digits = value[:-RANDOM_DIGITS], value[-RANDOM_DIGITS:]
    return stem == _stem(rule, name) and all(digit in string.hexdigits for digit in digits)


def _stem(rule: AutoName, name: str) -> str:
    return rule.prefix + (name.lower() if rule.lower_case else name) + "-"


def make_name(rule: AutoName, name: str, seed: bytes) -> str:
    """Make a physical name from a logical one."""
    stem = _stem(rule, name)
    if len(stem) + RANDOM_DIGITS > rule.longest:
        raise NameTooLongError(
            f"the logical name {name!r} and {RANDOM_DIGITS + 1} characters of suffix exceed the {rule.longest} that "
            f"{rule.property} may have: shorten the logical name or set {rule.property}"
        )
    return stem + hashlib.sha256(seed).hexdigest()[:RANDOM_DIGITS]
