"""The sections of the stack file that say how available TMI has to be, and who tries whether it is."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between, listing, matching, one_of
from components.settings.model import Section

HEALTH_CHECK_REGIONS: Final = (
    "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-west-1",
    "us-west-2",
)  # fmt: skip
"""Where Route 53 has checkers. Source: Amazon Route 53 API Reference, HealthCheckConfig, Regions."""
HealthCheckRegion: TypeAlias = Annotated[
    str,
    one_of(
        HEALTH_CHECK_REGIONS, f"is no region that Route 53 asks from; choose one of {', '.join(HEALTH_CHECK_REGIONS)}"
    ),
]
SyntheticsRuntime: TypeAlias = Annotated[
    str,
    matching(
        r"syn-python-selenium-[0-9]{1,2}\.[0-9]",
        "must be a Python runtime of CloudWatch Synthetics",
        "syn-python-selenium-14.0",
    ),
]
"""AWS deprecates runtimes with what they are made of, and then takes no change of a canary that has one."""
ClientId: TypeAlias = Annotated[
    str,
    # Source: TMI 1.8.22, api/client_credentials_service.go.
    matching(r"tmi_cc_[A-Za-z0-9_-]{22}", "must be the client id of credentials that TMI made", "tmi_cc_" + "0" * 22),
]
ThreatModelId: TypeAlias = Annotated[
    str,
    matching(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "must be the id of a threat model",
        "00000000-0000-0000-0000-000000000000",
    ),
]


class ObjectiveSettings(Section):
    """What users may expect, over any such span of days. What is missing from 100 percent is the error budget."""

    window_days: Annotated[int, between(7, 30, "days")]
    """The span that is counted over."""
    availability_percent: Annotated[float, between(95, 99.99, "percent")]
    """How many requests are answered without a failure of TMI's or the load balancer's (5xx)."""
    latency_milliseconds: Annotated[int, between(50, 10_000, "milliseconds")]
    """How soon a request counts as answered in time."""
    latency_percent: Annotated[float, between(95, 99.99, "percent")]
    """How many requests are answered in time."""


class NoHealthChecks(Section):
    """Nobody asks from the internet, as where nobody could: the load balancer is internal."""

    kind: Literal["none"]
    """No health checks."""


class RegionalHealthChecks(Section):
    """Route 53 asks from several regions, each half minute, whether TMI's names answer."""

    kind: Literal["regions"]
    """Asked from the internet."""
    regions: Annotated[
        tuple[HealthCheckRegion, ...],
        listing(3, 8, "must name 3 to 8 different regions, the least and the most that Route 53 asks from; name some"),
    ]
    """Where from; those of the users."""


HealthChecks: TypeAlias = Annotated[NoHealthChecks | RegionalHealthChecks, Field(discriminator="kind")]
"""Who asks from the internet whether TMI answers."""


class NoCanary(Section):
    """Nobody tries TMI from inside; so until TMI has made credentials for a canary."""

    kind: Literal["none"]
    """No canary."""


class DeepCheckCanary(Section):
    """A script of CloudWatch Synthetics logs in each minute and reads a threat model that it knows.

    Its client secret is given as `tmi:canarySecrets.deep-check`.
    """

    kind: Literal["deep_check"]
    """Whether TMI says that it is well, and finds what it keeps."""
    runtime: SyntheticsRuntime
    """What the script runs on."""
    client_id: ClientId
    """Whose credentials it has; an account that may read that one threat model is enough."""
    threat_model: ThreatModelId
    """What it reads. A list would not do: TMI answers with empty ones while PostgreSQL is gone."""


Canary: TypeAlias = Annotated[NoCanary | DeepCheckCanary, Field(discriminator="kind")]
"""Who tries TMI from inside the VPC."""
