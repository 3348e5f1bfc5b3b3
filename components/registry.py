"""ECR: TMI's own images, and third-party ones from ECR Public by a pull-through cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.sections import RegistrySettings

_UPSTREAM: Final = "public.ecr.aws"
_UNTAGGED_DAYS: Final = 7
"""How long an image without a tag stays: long enough to look at a build that went wrong."""
_CREATION_TRUST: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "ecr.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
"""Who may take the role of the creation template. Without a condition on the source, as in the Amazon ECR User Guide
(create an IAM role for repository creation templates): it names none that ECR sends, and a role cannot be passed to a
service from another account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistryArgs:
    """What a :class:`Registry` needs from its caller."""

    account: str
    """Whose registry it is."""
    region: str
    """Where it stands."""
    stack_name: str
    """The first part of every repository's name; stacks of one account need different ones."""
    key_arn: pulumi.Input[str]
    """The key that encrypts images."""
    settings: RegistrySettings
    """How many images stay."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete TMI's repository. ECR itself refuses while there are images in it."""


def lifecycle(images_kept: int) -> dict[str, object]:
    """Which images ECR removes. It never removes a platform's image that an index in use refers to."""
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": _UNTAGGED_DAYS,
    }
    oldest = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": images_kept}
    expire = {"type": "expire"}
    # ECR wants the rule for any status to come last.
    return {
        "rules": [
            {"rulePriority": 1, "description": "Untagged images", "selection": untagged, "action": expire},
            {"rulePriority": 2, "description": "The oldest images", "selection": oldest, "action": expire},
        ]
    }


def creation_statements(repositories: str, key_arn: pulumi.Input[str]) -> list[dict[str, object]]:
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


class Registry(pulumi.ComponentResource):
    """The images a stack runs: none comes from anywhere else."""

    TYPE: Final = "tmi:registry:Registry"

    tmi_repository_url: pulumi.Output[str]
    public_prefix: pulumi.Output[str]

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        repository = aws.ecr.Repository(
            f"{name}-tmi",
            name=f"{args.stack_name}/tmi",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)
            ],
            # Protected: the images of earlier versions are what a rollback needs.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-tmi-lifecycle",
            repository=repository.name,
            policy=pulumi.Output.json_dumps(lifecycle(args.settings.images_kept)),
            opts=child,
        )
        template = self._creation_template(name, args, f"{args.stack_name}/public")
        # After the template: a repository takes its settings when it is made, at the first pull.
        rule = aws.ecr.PullThroughCacheRule(
            f"{name}-public", ecr_repository_prefix=template.prefix, upstream_registry_url=_UPSTREAM, opts=child
        )

        self.tmi_repository_url = repository.repository_url
        host = f"{args.account}.dkr.ecr.{args.region}.amazonaws.com"
        self.public_prefix = pulumi.Output.format("{0}/{1}", host, rule.ecr_repository_prefix)
        self.register_outputs({"tmi_repository_url": self.tmi_repository_url, "public_prefix": self.public_prefix})

    def _creation_template(self, name: str, args: RegistryArgs, prefix: str) -> aws.ecr.RepositoryCreationTemplate:
        """How ECR makes the repository of a third-party image at its first pull.

        Tags are immutable there too: ECR then keeps what it pulled first, although the upstream may move the tag
        (AWS advises mutable tags where such moves are wanted). Encryption by a customer key needs a role.
        """
        repositories = f"arn:aws:ecr:{args.region}:{args.account}:repository/{prefix}/*"
        role = ServiceRole(
            f"{name}-creation",
            ServiceRoleArgs(trust=_CREATION_TRUST, statements=creation_statements(repositories, args.key_arn)),
            pulumi.ResourceOptions(parent=self),
        )
        return aws.ecr.RepositoryCreationTemplate(
            f"{name}-public-template",
            prefix=prefix,
            description="Third-party images from ECR Public",
            applied_fors=["PULL_THROUGH_CACHE"],
            image_tag_mutability="IMMUTABLE",
            encryption_configurations=[
                aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(
                    encryption_type="KMS", kms_key=args.key_arn
                )
            ],
            custom_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
