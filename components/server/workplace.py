"""Where pods of TMI's namespace run, and where their images and secrets come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.server.secret_files import SecretAccess


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """What every pod of the namespace has in common."""

    access: SecretAccess
    """Where secrets come from, and the namespace."""
    node_selector: Mapping[str, pulumi.Input[str]]
    """The nodes."""
    public_prefix: pulumi.Input[str]
    """Registry and prefix of the pull-through cache of ECR Public."""

    @property
    def region(self) -> str:
        """Where everything stands."""
        return self.access.region

    @property
    def namespace(self) -> str:
        """The namespace."""
        return self.access.namespace

    def public_image(self, repository: str, tag: str) -> pulumi.Output[str]:
        """A third-party image, by the cache: its repository in ECR Public and its tag."""
        return pulumi.Output.concat(self.public_prefix, f"/{repository}:{tag}")
