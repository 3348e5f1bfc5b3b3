"""Versions: which of the Kubernetes API pass away."""

from __future__ import annotations

import pytest

from policy.rules.cluster.versions import APIS_STABLE
from tests.policy.making import resource
from tests.policy.pods import faults


@pytest.mark.parametrize(
    ("token", "passes"),
    [
        ("kubernetes:apps/v1:Deployment", True),
        ("kubernetes:core/v1:Service", True),
        ("kubernetes:apps/v1beta1:Deployment", False),
        ("kubernetes:batch/v2alpha1:CronJobPatch", False),
        ("kubernetes:extensions/v1beta1:IngressList", False),
        ("kubernetes:networking.k8s.io/v1beta1:Ingress", False),
        ("kubernetes:flowcontrol.apiserver.k8s.io/v1beta3:FlowSchema", False),
        ("kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy", True),
        ("kubernetes:gateway.networking.k8s.io/v1beta1:Gateway", True),
        ("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", True),
        ("kubernetes:helm.sh/v3:Release", True),
        ("aws:apps/v1beta1:Deployment", True),
        ("kubernetes:", True),
        ("", True),
    ],
)
def test_a_version_of_kubernetes_itself_stays(token: str, *, passes: bool) -> None:
    assert (faults(APIS_STABLE, resource(token)) == []) is passes
