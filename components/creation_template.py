"""How ECR makes a repository that nobody made before its first image."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.service_role import ServiceRole, ServiceRoleArgs

_TRUST: Final = {"Effect": "Allow", "Principal": {"Service": "ecr.amazonaws.com"}, "Action": "sts:AssumeRole"}
"""Who may take the role of a template. Without a condition on the source, as in the Amazon ECR User Guide (create an
IAM role for repository creation templates): it names none that ECR sends, and a role cannot be passed to a service
from another account."""


class Occasion(StrEnum):
    """What makes ECR make a repository."""

    PULL = "PULL_THROUGH_CACHE"
    """The first pull of a third-party image."""
    REPLICATION = "REPLICATION"
    """The first image from another region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreationTemplateArgs:
    """What a template says."""

    account: str
    """Whose registry it is for."""
    region: str
    """Where that stands."""
    prefix: str
    """The first parts of the names of the repositories it is for."""
    occasion: Occasion
    """What makes ECR make them."""
    description: str
    """What is kept in them."""
    key_arn: pulumi.Input[str]
    """The key that encrypts their images."""
    lifecycle: dict[str, object] | None = None
    """Which images ECR removes; none where nothing is given."""


def creation_statements(repositories: str, key_arn: pulumi.Input[str]) -> list[dict[str, Any]]:
    """What ECR needs to make an encrypted repository: the actions of AWS's own example, for these resources alone.

    Source: Amazon ECR User Guide, create a custom policy for repository creation templates.
    """
    return [
        {
            "Effect": "Allow",
            "Action": ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"],
            "Resource": repositories,
        },
        {"Effect": "Allow", "Action": ["kms:CreateGrant", "kms:RetireGrant", "kms:DescribeKey"], "Resource": key_arn},
    ]


def creation_template(
    parent: pulumi.ComponentResource, role_name: str, name: str, args: CreationTemplateArgs
) -> aws.ecr.RepositoryCreationTemplate:
    """The template `name` with its role, below `parent`.

    Tags are immutable in these repositories too: ECR keeps what came first, although the upstream may move the tag
    (AWS advises mutable tags where such moves are wanted). Encryption by a customer key needs a role.
    """
    repositories = f"arn:aws:ecr:{args.region}:{args.account}:repository/{args.prefix}/*"
    role = ServiceRole(
        role_name,
        ServiceRoleArgs(trust=_TRUST, statements=creation_statements(repositories, args.key_arn)),
        pulumi.ResourceOptions(parent=parent),
    )
    return aws.ecr.RepositoryCreationTemplate(
        name,
        prefix=args.prefix,
        description=args.description,
        applied_fors=[args.occasion],
        image_tag_mutability="IMMUTABLE",
        encryption_configurations=[
            aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)
        ],
        custom_role_arn=role.arn,
        lifecycle_policy=json.dumps(args.lifecycle) if args.lifecycle else None,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[role]),
    )
