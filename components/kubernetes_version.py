"""The version of Kubernetes: raised by one minor at a time, and never lowered."""

from __future__ import annotations

import pulumi


def refusal(standing: str, wanted: str) -> str | None:
    """Why a cluster of one version does not become another in one step; `None` where it does.

    Source: Amazon EKS User Guide, update existing cluster to new Kubernetes version, and rollback cluster to previous
    Kubernetes version.
    """
    step = _minor(wanted) - _minor(standing)
    if step in (0, 1):
        return None
    if step > 1:
        after = f"1.{_minor(standing) + 1}"
        return f'cluster.version: "{wanted}" skips a minor version, the cluster has {standing}; write "{after}" first'
    way_out = "or roll EKS back, which it allows for 7 days, and run `pulumi refresh`"
    return f'cluster.version: "{wanted}" is older than the cluster, which has {standing}; write "{standing}", {way_out}'


def one_minor_at_a_time(change: pulumi.ResourceHookArgs) -> None:
    """Refuse an update of a cluster that EKS would refuse: seen in the preview, since the state tells what stands.

    Raises:
        ValueError: the refusal.
    """
    standing, wanted = ((side or {}).get("version") for side in (change.old_outputs, change.new_inputs))
    if isinstance(standing, str) and isinstance(wanted, str) and (why := refusal(standing, wanted)):
        raise ValueError(why)


def version_hook() -> pulumi.ResourceHookBinding:
    """What the cluster asks before each of its updates."""
    hook = pulumi.ResourceHook("one-minor-at-a-time", one_minor_at_a_time, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
