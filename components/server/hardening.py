"""What every pod of the platform has in common: the restricted Pod Security Standard, and a little more."""

from __future__ import annotations

from typing import Final

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    PodSecurityContextArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    SysctlArgs,
    VolumeMountArgs,
)

from components.settings.reservations import Reservation
from components.settings.resources import ResourceSettings

USER: Final = 65532
"""`nonroot` of TMI's image; every container runs as it, so that one pod's files have one owner."""


def pod_security(**sysctls: str) -> PodSecurityContextArgs:
    """The security context of a pod; `sysctls` by name, with underscores for dots."""
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=USER,
        run_as_group=USER,
        fs_group=USER,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
        sysctls=[SysctlArgs(name=name, value=value) for name, value in sysctls.items()] or None,
    )


def container_security() -> SecurityContextArgs:
    """The security context of a container: no privileges, no way to get any, nothing to write to."""
    return SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        privileged=False,
        read_only_root_filesystem=True,
        run_as_non_root=True,
    )


def resources(reserved: Reservation | ResourceSettings, *, storage_mib: int) -> ResourceRequirementsArgs:
    """Reserved resources. Memory and disk are limits too; of the processor a container may take what is left over."""
    limits = {"memory": f"{reserved.memory_mib}Mi", "ephemeral-storage": f"{storage_mib}Mi"}
    return ResourceRequirementsArgs(requests={"cpu": f"{reserved.cpu_millis}m", **limits}, limits=limits)


def read_only(volume: str, path: str) -> VolumeMountArgs:
    """A volume at a path where nothing can be written."""
    return VolumeMountArgs(name=volume, mount_path=path, read_only=True)
