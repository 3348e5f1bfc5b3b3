"""The page of images: what runs beside TMI, why, in which version, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.settings import Settings
from reference import markdown
from reference.stacks import STACKS, stack_settings

_UPSTREAM: Final = "public.ecr.aws"


@dataclass(frozen=True, kw_only=True, slots=True)
class ThirdPartyImage:
    """An image that this project did not build and TMI's makers did not either."""

    repository: str
    """Its name in ECR Public, which is also the end of its name in the account's registry."""
    field: str
    """Its version's field in `server.images`."""
    why: str
    """What it is for."""
    maker: str
    """Who builds it."""


IMAGES: Final = (
    ThirdPartyImage(
        repository="aws-observability/aws-otel-collector",
        field="collector",
        why="stands beside TMI where `server.telemetry` is `collector`: sends its metrics and traces to AWS",
        maker="AWS",
    ),
    ThirdPartyImage(
        repository="aws-cli/aws-cli",
        field="aws_cli",
        why="takes the daily dump of PostgreSQL to S3, and with its curl and jq restarts TMI by the clock",
        maker="AWS",
    ),
    ThirdPartyImage(
        repository="docker/library/haproxy",
        field="haproxy",
        why="stands beside TMI in its pod: ends TLS, and speaks it to Redis with the name verified",
        maker="Docker Official Images",
    ),
    ThirdPartyImage(
        repository="docker/library/postgres",
        field="postgres",
        why="brings psql, which prepares the database, and pg_dump, which dumps it; no server of it ever runs",
        maker="Docker Official Images",
    ),
)
"""Every one, by name. What EKS Auto Mode and its add-ons bring is AWS's, and comes from AWS's own registries."""


def versions(image: ThirdPartyImage, stacks: Mapping[str, Settings]) -> str:
    """The version in each stack's file; one where they agree."""
    named = {name: str(getattr(settings.server.images, image.field)) for name, settings in stacks.items()}
    different = sorted(set(named.values()))
    if len(different) == 1:
        return f"`{different[0]}`"
    return ", ".join(f"{name} `{version}`" for name, version in named.items())


def page() -> str:
    """The page."""
    stacks = {name: stack_settings(name) for name in STACKS}
    rows = [
        (f"`{image.repository}`", image.why, versions(image, stacks), f"`{_UPSTREAM}`, built by {image.maker}")
        for image in IMAGES
    ]
    return markdown.page(
        "# Images",
        "TMI's own image is built from its sources and pushed to the account's registry. The others are pulled through "
        "that registry's cache at their first use, and stay there as they were then: a tag cannot be moved. No node "
        "pulls from the internet.",
        markdown.table(("image", "what for", "version", "where it comes from"), rows),
        "A version is changed in the stack file, under `server.images`. The registry scans what comes in "
        "(`registry.scanning`).",
    )
