"""The version of Kubernetes goes up by one, or not at all."""

from __future__ import annotations

import pulumi
import pytest
from inline_snapshot import snapshot

from components.kubernetes_version import one_minor_at_a_time, refusal


def change(standing: object, wanted: object) -> pulumi.ResourceHookArgs:
    return pulumi.ResourceHookArgs(
        urn="urn",
        id="tmi-dev",
        name="cluster-cluster",
        type="aws:eks/cluster:Cluster",
        old_outputs={"version": standing},
        new_inputs={"version": wanted},
    )


@pytest.mark.parametrize("wanted", ["1.35", "1.36"])
def test_it_stays_or_rises_by_one(wanted: str) -> None:
    assert refusal("1.35", wanted) is None
    one_minor_at_a_time(change("1.35", wanted))


def test_it_skips_none_and_does_not_fall() -> None:
    assert refusal("1.35", "1.37") == snapshot(
        'cluster.version: "1.37" skips a minor version, the cluster has 1.35; write "1.36" first'
    )
    assert refusal("1.36", "1.35") == (
        'cluster.version: "1.35" is older than the cluster, which has 1.36; write "1.36", or roll EKS back, which it '
        "allows for 7 days, and run `pulumi refresh`"
    )
    assert refusal("1.9", "1.10") is None


@pytest.mark.parametrize("wanted", ["1.38", "1.34"])
def test_the_engine_is_told(wanted: str) -> None:
    with pytest.raises(ValueError, match=r"cluster\.version"):
        one_minor_at_a_time(change("1.35", wanted))


@pytest.mark.parametrize(("standing", "wanted"), [(None, "1.40"), ("1.35", None), (pulumi.UNKNOWN, "1.40")])
def test_what_is_not_known_is_not_judged(standing: object, wanted: object) -> None:
    one_minor_at_a_time(change(standing, wanted))
