"""Names that follow content.

What a pod reads at start carries a digest of itself in its name. Other content is another object, which the pod's
specification names: so a changed configuration or secret rolls the pods, nothing else does, and an old pod never sees
half of the new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

_DIGEST_LENGTH = 10


def named(base: str, content: object) -> str:
    """`base` and a digest of `content`, which is anything JSON can say."""
    text = json.dumps(content, sort_keys=True)
    return f"{base}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]}"


def named_output(base: str, content: Sequence[pulumi.Input[str | int]]) -> pulumi.Output[str]:
    """`named` for values that are known later.

    The name is public even where a value is secret: the versions of secrets are digests already, and a digest of
    several of them says that something changed and no more.
    """
    return pulumi.Output.unsecret(pulumi.Output.all(*content).apply(lambda values: named(base, values)))


def config_map(
    name: str, base: str, namespace: str, data: Mapping[str, pulumi.Input[str]], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """A ConfigMap that never changes, called `base` and a digest of what it holds; its name, once it is there."""
    content = [part for key in sorted(data) for part in (key, data[key])]
    made = kubernetes.core.v1.ConfigMap(
        name,
        metadata=ObjectMetaArgs(name=named_output(base, content), namespace=namespace),
        immutable=True,
        data=dict(data),
        opts=opts,
    )
    return made.metadata.apply(lambda metadata: metadata.name or "")
