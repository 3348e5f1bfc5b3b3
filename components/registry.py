"""ECR: TMI's own images, and third-party ones from ECR Public by a pull-through cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.creation_template import CreationTemplateArgs, Occasion, creation_template
from components.settings.choices import Scanning
from components.settings.sections import OwnImages, RegistrySettings, ReplicatedImages

_UPSTREAM: Final = "public.ecr.aws"
_UNTAGGED_DAYS: Final = 7
"""How long an image without a tag stays: long enough to look at a build that went wrong."""
_FREQUENCIES: Final = {Scanning.BASIC: "SCAN_ON_PUSH", Scanning.ENHANCED: "CONTINUOUS_SCAN"}
"""When an image is scanned: when it comes in, or again with each new weakness that becomes known."""


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
    """Where TMI's images come from, how many stay, and how they are scanned."""
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


class Registry(pulumi.ComponentResource):
    """The images a stack runs: none comes from anywhere else."""

    TYPE: Final = "tmi:registry:Registry"

    tmi_repository: str
    """The name of the repository that TMI's images are in."""
    tmi_repository_url: pulumi.Output[str]
    public_prefix: pulumi.Output[str]

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        host = f"{args.account}.dkr.ecr.{args.region}.amazonaws.com"

        self._scanning(args.settings.scanning)
        match args.settings.tmi_images:
            case OwnImages():
                self.tmi_repository = f"{args.stack_name}/tmi"
                self.tmi_repository_url = self._own_images(args)
            case ReplicatedImages(stack=stack):
                self.tmi_repository = f"{stack}/tmi"
                self.tmi_repository_url = pulumi.Output.from_input(f"{host}/{self.tmi_repository}")
        template = creation_template(
            self,
            f"{name}-creation",
            f"{name}-public-template",
            CreationTemplateArgs(
                account=args.account,
                region=args.region,
                prefix=f"{args.stack_name}/public",
                occasion=Occasion.PULL,
                description="Third-party images from ECR Public",
                key_arn=args.key_arn,
            ),
        )
        # After the template: a repository takes its settings when it is made, at the first pull.
        rule = aws.ecr.PullThroughCacheRule(
            f"{name}-public", ecr_repository_prefix=template.prefix, upstream_registry_url=_UPSTREAM, opts=child
        )

        self.public_prefix = pulumi.Output.format("{0}/{1}", host, rule.ecr_repository_prefix)
        self.register_outputs({"tmi_repository_url": self.tmi_repository_url, "public_prefix": self.public_prefix})

    def _own_images(self, args: RegistryArgs) -> pulumi.Output[str]:
        """The repository of TMI's images; gives its address."""
        name = self.pulumi_resource_name
        repository = aws.ecr.Repository(
            f"{name}-tmi",
            name=self.tmi_repository,
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
            opts=pulumi.ResourceOptions(parent=self),
        )
        return repository.repository_url

    def _scanning(self, scanning: Scanning) -> None:
        """How the registry scans images.

        An account has one such configuration a region, and whoever writes last overrules the others. So it is for all
        repositories: stacks that share a registry write the same, as long as their files say the same.
        Source: Amazon ECR API Reference, PutRegistryScanningConfiguration.
        """
        aws.ecr.RegistryScanningConfiguration(
            f"{self.pulumi_resource_name}-scanning",
            scan_type=scanning.upper(),
            rules=[
                aws.ecr.RegistryScanningConfigurationRuleArgs(
                    scan_frequency=_FREQUENCIES[scanning],
                    repository_filters=[
                        aws.ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(
                            filter="*", filter_type="WILDCARD"
                        )
                    ],
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
