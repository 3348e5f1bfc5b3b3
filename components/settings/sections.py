"""The sections of the stack file that describe AWS behind the edge: registry, cluster and monitoring."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import Architecture, Scanning, SupportType
from components.settings.constraints import between, listing
from components.settings.model import Section
from components.settings.vocabulary import (
    ClientCidr,
    Email,
    KubernetesVersion,
    RetentionDays,
    RoleArn,
    StackName,
)


class OwnImages(Section):
    """A repository of the stack's own."""

    kind: Literal["own"]
    """TMI's images are pushed to it."""


class ReplicatedImages(Section):
    """The repository that another region's stack replicates here."""

    kind: Literal["replicated"]
    """The images are here already."""
    stack: StackName
    """The name of that stack."""


Images: TypeAlias = Annotated[OwnImages | ReplicatedImages, Field(discriminator="kind")]
"""Where TMI's images come from."""


class RegistrySettings(Section):
    """ECR."""

    tmi_images: Images
    """Where TMI's images come from."""
    images_kept: Annotated[int, between(5, 1000, "images")]
    """How many images of TMI stay; a rollback reaches back this far."""
    scanning: Scanning
    """How images are searched for known weaknesses. It is the account's in this region, so other stacks share it."""


class NodeSettings(Section):
    """The nodes that EKS Auto Mode makes."""

    architecture: Architecture
    """Their processor. Every image must exist for it."""
    cpu_limit: Annotated[int, between(4, 1000, "vCPU")]
    """All nodes together never have more."""
    memory_limit_gib: Annotated[int, between(8, 8000, "GiB")]
    """All nodes together never have more."""
    expire_after_hours: Annotated[int, between(24, 504, "hours")]
    """When a node is replaced. Auto Mode allows 21 days (504 hours) at most."""


class ClusterSettings(Section):
    """EKS with Auto Mode."""

    version: KubernetesVersion
    """The version of Kubernetes. Raise it by one minor at a time."""
    support_type: SupportType
    """What happens when the version leaves standard support."""
    public_access_cidrs: Annotated[
        tuple[ClientCidr, ...], listing(0, 40, "must name at most 40 different networks; remove repeated ones")
    ]
    """Who may reach the Kubernetes API from outside the VPC; nobody if empty."""
    administrators: Annotated[
        tuple[RoleArn, ...],
        listing(1, 20, "must name at least one role, or nobody could administer it; add a role's ARN"),
    ]
    """Roles with cluster-admin rights, the one that runs `pulumi up` among them."""
    nodes: NodeSettings
    """What its workloads run on."""


class LogRetentionSettings(Section):
    """How long log groups keep their events, in days."""

    application: RetentionDays
    """TMI and what runs beside it."""
    database: RetentionDays
    """PostgreSQL and Redis."""
    network: RetentionDays
    """Flow logs and lookups of the VPC, and the web firewall."""
    control_plane: RetentionDays
    """The Kubernetes API, its audit log above all."""


class MonitoringSettings(Section):
    """Logs and alarms."""

    log_retention_days: LogRetentionSettings
    """By class of log."""
    alarm_emails: Annotated[
        tuple[Email, ...], listing(1, 20, "must name at least one address, or alarms would reach nobody; add one")
    ]
    """Who is told of an alarm. Each address has to confirm its subscription once."""
