"""ECR's copies of TMI's images in the recovery region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageReplicationArgs:
    """What an :class:`ImageReplication` needs from its caller."""

    account: str
    """Whose registries they are, here and there."""
    region: str
    """Where the images are copied to."""
    repository: str
    """The repository that is copied; whatever begins with this name is."""


class ImageReplication(pulumi.ComponentResource):
    """The replication of the registry, in the region that images are pushed to.

    An account has one such configuration a region: a second stack that replicates would overrule this one. What was
    pushed before it was made is not copied, so it stands before the first push. A copy keeps the repository's name and
    is not copied on, so that two regions may copy to each other.
    Source: Amazon ECR User Guide, private image replication.
    """

    TYPE: Final = "tmi:registry:ImageReplication"

    def __init__(self, name: str, args: ImageReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        aws.ecr.ReplicationConfiguration(
            f"{name}-configuration",
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(
                rules=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                        destinations=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                                region=args.region, registry_id=args.account
                            )
                        ],
                        repository_filters=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                                filter=args.repository, filter_type="PREFIX_MATCH"
                            )
                        ],
                    )
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
