"""The two parts that a pod of TMI can play, and the labels that tell its pods apart."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a pod of TMI is for."""

    HUB = "hub"
    """The one pod that holds what TMI keeps in its process; where no other stands beside it, it answers everything."""
    POOL = "pool"
    """One of several pods that hold nothing."""

    @property
    def object_name(self) -> str:
        """What the Deployment, the Service and whatever else belongs to these pods is called in the cluster."""
        return f"tmi-{self.value}"

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the pods.

        Deployments select by them and can never change them, so they are the same in every topology.
        """
        return {"app.kubernetes.io/name": "tmi", "app.kubernetes.io/component": self.value}
