"""Secrets as files, mounted by the Secrets Store CSI driver, and copied to the environment of programs that read none.

The driver's provider fetches with the identity of the pod, so the pod itself speaks to no AWS service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.core.v1 import (
    CSIVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    SecretKeySelectorArgs,
    VolumeArgs,
)

from components.secret import MountableSecret
from components.server.content import named_output


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretAccess:
    """Where pods get secrets from."""

    account: str
    """The AWS account."""
    region: str
    """The region of the secrets."""
    cluster_name: str
    """The cluster's physical name, to which the pods' identities are bound."""
    namespace: str
    """The namespace of the pods."""
    key_arn: pulumi.Input[str]
    """The key of every secret that names no other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretFile:
    """One secret in a pod."""

    name: str
    """The file's name."""
    secret: MountableSecret
    """What is in it."""
    variable: str | None = None
    """The environment variable that holds it too, for a program that cannot read the file."""


def mount_name(base: str, files: Sequence[SecretFile]) -> pulumi.Output[str]:
    """The name of what mounts these files: another one when a secret, or the list of them, changes.

    The driver never replaces a file under a running pod, which TMI would not notice anyway.
    """
    content: list[pulumi.Input[str | int]] = []
    for file in files:
        content += [file.name, file.variable or "", file.secret.arn, file.secret.version]
    return named_output(base, content)


def provider_class(files: Sequence[SecretFile], region: str, copy: pulumi.Input[str]) -> dict[str, Any]:
    """The specification of a SecretProviderClass; `copy` names the Kubernetes Secret for those with a variable."""
    objects = [
        {
            "objectName": file.secret.arn,
            "objectType": "secretsmanager",
            "objectAlias": file.name,
            # Any user of the containers that mount it: they have one each, and see no other pod's files.
            "filePermission": "0444",
        }
        for file in files
    ]
    spec: dict[str, Any] = {
        "provider": "aws",
        "parameters": {
            "objects": pulumi.Output.json_dumps(objects),
            "region": region,
            "usePodIdentity": "true",
            "preferredAddressType": "ipv4",
        },
    }
    copied = [{"key": file.variable, "objectName": file.name} for file in files if file.variable]
    if copied:
        spec["secretObjects"] = [{"secretName": copy, "type": "Opaque", "data": copied}]
    return spec


def volume(name: str, mounted: pulumi.Input[str]) -> VolumeArgs:
    """The volume of a SecretProviderClass."""
    source = CSIVolumeSourceArgs(
        driver="secrets-store.csi.k8s.io", read_only=True, volume_attributes={"secretProviderClass": mounted}
    )
    return VolumeArgs(name=name, csi=source)


def variables(files: Sequence[SecretFile], copy: pulumi.Input[str], only: Sequence[str]) -> list[EnvVarArgs]:
    """Environment entries for the variables in `only`. The container waits until the driver has made the copy."""
    return [
        EnvVarArgs(
            name=file.variable,
            value_from=EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=copy, key=file.variable)),
        )
        for file in files
        if file.variable and file.variable in only
    ]


def reading(files: Sequence[SecretFile], access: SecretAccess) -> list[Mapping[str, Any]]:
    """Statements of a role that may read exactly these secrets, and use their keys through Secrets Manager alone."""
    elsewhere = [file.secret.key_arn for file in files if file.secret.key_arn is not None]
    return [
        {
            "Effect": "Allow",
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Resource": [file.secret.arn for file in files],
        },
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": [access.key_arn, *elsewhere],
            "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{access.region}.amazonaws.com"}},
        },
    ]
