"""Controls of Kubernetes: the CIS benchmark for EKS, Pod Security Standards, the guide of NSA and CISA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KNOWN: Final = frozenset(
    {
        "CIS EKS 2.1.1",
        *(f"CIS EKS 4.1.{each}" for each in range(1, 13)),
        *(f"CIS EKS 4.2.{each}" for each in range(1, 6)),
        *("CIS EKS 4.3.1", "CIS EKS 4.3.2", "CIS EKS 4.4.1", "CIS EKS 4.4.2", "CIS EKS 4.5.1", "CIS EKS 4.5.2"),
        *(f"CIS EKS 5.1.{each}" for each in range(1, 5)),
        *("CIS EKS 5.2.1", "CIS EKS 5.3.1", *(f"CIS EKS 5.4.{each}" for each in range(1, 5))),
        *("PSS restricted", "PSS version"),
        *(
            f"NSA {what}"
            for what in (
                "admission control",
                "image versions",
                "immutable file systems",
                "least privilege",
                "network policies",
                "network separation",
                "non-root containers",
                "resource limits",
                "secrets",
                "service account tokens",
            )
        ),
    }
)

LEFT_OUT: Final[Mapping[str, str]] = {
    "CIS EKS 5.1.2": "who may reach the registry is decided by the account's people and their roles, not by a stack",
    "CIS EKS 5.1.3": "EKS Auto Mode's nodes pull by AWS's own policy, which reads and writes nothing",
}

_PODS: Final = ("pods-restricted",)
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"PSS baseline: {what}": _PODS
        for what in (
            "namespaces of the host",
            "privileged containers",
            "capabilities",
            "paths, ports and processes of the host",
            "AppArmor and SELinux",
            "the mount of /proc, seccomp and sysctls",
        )
    },
    **{
        f"PSS restricted: {what}": _PODS
        for what in (
            "types of volumes",
            "escalation of privileges",
            "another user than root",
            "an explicit profile of seccomp",
            "no capability but one",
            "the namespace enforces it",
        )
    },
    "NSA: no socket of the container runtime": _PODS,
    "Probes, several pods, disruption budgets, zones": ("containers-watched", "pool-lossless", "evictions-possible"),
    "Services are no way in by themselves; no Ingress, LoadBalancer, NodePort or external address": (
        "services-inside",
    ),
    "Probes and targets by TLS": ("target-groups-tls", "served-pods-ready"),
}
