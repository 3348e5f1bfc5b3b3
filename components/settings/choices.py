"""The closed choices of a stack file."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """How much a stack matters; policies ask more of production."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class NatGateways(StrEnum):
    """How many NAT gateways stand between the pods and the internet."""

    SINGLE = "single"
    """One for all zones: cheap, and an outage of its zone cuts every pod off."""
    PER_ZONE = "per_zone"
    """One a zone: a zone's outage stays in that zone."""


class InterfaceEndpoint(StrEnum):
    """An AWS service reached inside the VPC rather than by NAT: the last part of its service name."""

    ECR_API = "ecr.api"
    ECR_DKR = "ecr.dkr"
    STS = "sts"
    SECRETS_MANAGER = "secretsmanager"
    KMS = "kms"
    LOGS = "logs"
    MONITORING = "monitoring"
    XRAY = "xray"
    EKS_AUTH = "eks-auth"


class Insights(StrEnum):
    """CloudWatch Database Insights: `advanced` keeps 15 months of query statistics and costs by vCPU."""

    STANDARD = "standard"
    ADVANCED = "advanced"


class Scanning(StrEnum):
    """What ECR does with images: `enhanced` is Amazon Inspector, which looks again at each new weakness."""

    BASIC = "basic"
    ENHANCED = "enhanced"


class SupportType(StrEnum):
    """What EKS does when the cluster's version leaves standard support: upgrade it, or bill extended support."""

    STANDARD = "STANDARD"
    EXTENDED = "EXTENDED"


class Architecture(StrEnum):
    """The processor of the nodes, and so of every image."""

    ARM64 = "arm64"
    AMD64 = "amd64"


class InstanceCategory(StrEnum):
    """What instances are made for. Source: Amazon EKS User Guide, create a node pool for EKS Auto Mode."""

    C = "c"
    """Compute: 2 GiB of memory a vCPU."""
    M = "m"
    """General purpose: 4 GiB a vCPU."""
    R = "r"
    """Memory: 8 GiB a vCPU."""


class CapacityType(StrEnum):
    """How instances are bought."""

    ON_DEMAND = "on-demand"
    """They stay as long as they are wanted."""
    SPOT = "spot"
    """Cheaper, and taken back at two minutes' notice: for pods that say they bear it."""


class TlsPolicy(StrEnum):
    """Security policies of the ELB.17 control: TLS 1.2 or later, forward secrecy and authenticated encryption only.

    Source: AWS Foundational Security Best Practices, control ELB.17.
    """

    TLS_1_2_RESTRICTED_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    TLS_1_2_RESTRICTED = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    TLS_1_2_RESTRICTED_FIPS_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"
    TLS_1_2_RESTRICTED_FIPS = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"
    TLS_1_3_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    TLS_1_3 = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    TLS_1_3_FIPS_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09"
    TLS_1_3_FIPS = "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"


class Weekday(StrEnum):
    """A day, as cron and AWS's windows write it."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Delivery(StrEnum):
    """How often a receiver of webhooks gets an event."""

    ONCE_UNLESS_RETRIED = "once_unless_retried"
    """Once; after a failure TMI sends each retry twice. One process alone keeps to it."""
    AT_LEAST_ONCE = "at_least_once"
    """Once or more, so that receivers drop what they know, by its `X-Webhook-Delivery-Id`."""


class LogLevel(StrEnum):
    """TMI's log level. No `debug`: it logs request bodies and shows panics to clients."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"


class ChatProvider(StrEnum):
    """Whose interface the model that answers speaks. Source: TMI, internal/llm."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
