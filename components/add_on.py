"""One add-on of EKS."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class AddOn:
    """What EKS is asked to install."""

    name: str
    """As EKS calls it."""
    version: str
    """The whole version, with EKS's build."""
    namespace: str | None = None
    """Where it runs; the add-on's own choice if none."""
    configuration: Mapping[str, Any] | None = None
    """What differs from its defaults."""
    identities: Mapping[str, pulumi.Input[str]] | None = None
    """Roles that its service accounts take by EKS Pod Identity, by account."""


def install(
    name: str, cluster_name: str, add_on: AddOn, needed: Sequence[pulumi.Resource], parent: pulumi.Resource
) -> aws.eks.Addon:
    """The add-on as a resource of a component; it counts as made once its pods run."""
    values, identities, namespace = add_on.configuration, add_on.identities, add_on.namespace
    return aws.eks.Addon(
        f"{name}-{add_on.name}",
        cluster_name=cluster_name,
        addon_name=add_on.name,
        addon_version=add_on.version,
        configuration_values=None if values is None else json.dumps(values, sort_keys=True),
        namespace_config=None if namespace is None else aws.eks.AddonNamespaceConfigArgs(namespace=namespace),
        pod_identity_associations=None
        if identities is None
        else [
            aws.eks.AddonPodIdentityAssociationArgs(role_arn=role, service_account=account)
            for account, role in identities.items()
        ],
        # What somebody changed by hand is put back.
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(needed)),
    )
