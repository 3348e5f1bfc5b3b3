"""The sections of the stack file that describe images and monitoring."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.availability import Canary, HealthChecks, ObjectiveSettings
from components.settings.choices import Scanning
from components.settings.constraints import between
from components.settings.costs import Budget, CostAnomalies
from components.settings.log_archive import Archive
from components.settings.model import Section
from components.settings.notification import NotificationSettings
from components.settings.vocabulary import RetentionDays, StackName


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
    """Logs, alarms and costs."""

    log_retention_days: LogRetentionSettings
    """By class of log."""
    archive: Archive
    """Whether logs are kept out of reach of who runs the stack."""
    anomaly_detection: bool
    """Whether CloudWatch learns what TMI's log usually says, and tells when it says something else. Paid by the GB."""
    notifications: NotificationSettings
    """Who hears of alarms, events and costs."""
    budget: Budget
    """What the stack may cost."""
    cost_anomalies: CostAnomalies
    """Whether somebody hears of costs that are not as usual."""
    objectives: ObjectiveSettings
    """How available TMI has to be."""
    canary: Canary
    """Who tries TMI from inside the VPC."""
    health_checks: HealthChecks
    """Who asks from the internet whether TMI answers."""
