"""The policies that resources of AWS have: written into them, or declared beside them."""

from __future__ import annotations

from typing import Final

from policy.graph import Graph, Resource
from policy.values import Plain

KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"


def policies_of(graph: Graph, holder: Resource, named_by: str, token: str) -> list[tuple[Resource, Plain]]:
    """Each (resource that says it, document) of a holder: a policy of its own replaces the one written into it."""
    apart = [(policy, policy.get("policy")) for policy in graph.referring(holder, named_by, token)]
    return apart or [(holder, holder.get("policy"))]
