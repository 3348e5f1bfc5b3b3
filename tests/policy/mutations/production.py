"""Changes that break what production is asked for, and what keys, roles, ACLs and guards are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from policy.facts.documents import statements
from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.rules.data.production import COPIES, PROTECTED
from policy.values import Plain
from tests.policy.mutations.changing import Mutation, first, gone, setting, with_property, with_resource, without

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
_ACL_ASSOCIATION: Final = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
_BUCKET: Final = "aws:s3/bucket:Bucket"
_LISTENER: Final = "aws:lb/listener:Listener"
_FRAMES: Final = "routingHttpResponseXFrameOptionsHeaderValue"
_LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_DEPLOYMENT: Final = "kubernetes:apps/v1:Deployment"
_FIRST_CONTAINER: Final = ("spec", "template", "spec", "containers", "0")
_KEY: Final = "aws:kms/key:Key"
_HELD: Final = (DATABASE, _CACHE, _BUCKET, "aws:backup/vault:Vault", "aws:eks/cluster:Cluster", _KEY)
"""Stateful types of which every graph here has one."""
_GUARD: Final = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"


def _nowhere_else(graph: Graph) -> Graph:
    """What is kept in another region is gone."""
    home = graph.region(first(graph, DATABASE))
    for copy in graph.of_type(*COPIES):
        if graph.region(copy) != home:
            graph = without(graph, copy)
    return graph


def _serving_everybody(graph: Graph) -> Graph:
    key = first(graph, _KEY)
    held = statements(key.get("policy"))
    assert held, f"{key.name} has no policy that can be read"
    everybody: Plain = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    return with_property(graph, key, "policy", {"Version": "2012-10-17", "Statement": [*held, everybody]})


def _unprotected(token: str) -> Callable[[Graph], Graph]:
    """The first resource of a type that is protected no longer is."""

    def apply(graph: Graph) -> Graph:
        found = next(each for each in graph.of_type(token) if each.protect)
        return with_resource(graph, replace(found, protect=False))

    return apply


def _spans(instance: Resource) -> bool:
    return instance.get("multiAz") is True


def _admits_postgres(rule: Resource) -> bool:
    return rule.get("fromPort") == 5432 and rule.get("egress") is not True


def _is_https(listener: Resource) -> bool:
    return listener.get("protocol") == "HTTPS"


def _admitting(principal: Mapping[str, Plain] | str) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PRODUCTION: Final = (
    Mutation("databases-span-zones", "a primary is in one zone", setting(DATABASE, "multiAz", to=False, where=_spans)),
    Mutation("caches-span-zones", "the cache is one node", setting(_CACHE, "numCacheClusters", to=1)),
    *(
        Mutation("deletion-refused", f"a {token.rpartition(':')[2]} can be deleted", setting(token, name, to=False))
        for token, name in PROTECTED.items()
        if not token.startswith("aws:alb/")
    ),
    *(
        Mutation("stateful-protected", f"a {token.rpartition(':')[2]} is not protected", _unprotected(token))
        for token in _HELD
    ),
    Mutation("copies-elsewhere", "nothing is kept in another region", _nowhere_else, frozenset({"plans-keep-copies"})),
    Mutation("contents-kept", "a bucket is emptied before it goes", setting(_BUCKET, "forceDestroy", to=True)),
    Mutation("vaults-locked", "no vault has a lock", gone(_LOCK)),
    Mutation("keys-rotate", "a key keeps its material", setting(_KEY, "enableKeyRotation", to=False)),
    Mutation("keys-closed", "a key serves everybody", _serving_everybody),
    Mutation(
        "roles-trusted-narrowly",
        "anybody may take a role",
        setting("aws:iam/role:Role", "assumeRolePolicy", to=_admitting({"AWS": "*"})),
    ),
    Mutation(
        "data-behind-acls",
        "the ACL of the data admits the internet",
        setting(_ACL_RULE, "cidrBlock", to="0.0.0.0/0", where=_admits_postgres),
        frozenset({"acls-narrow"}),
    ),
    Mutation(
        "data-behind-acls",
        "the default ACL stands before the data",
        gone(_ACL_ASSOCIATION),
        frozenset({"subnets-apart"}),
    ),
    Mutation(
        "names-fail-closed",
        "names are resolved while the firewall cannot be asked",
        setting("aws:route53/resolverFirewallConfig:ResolverFirewallConfig", "firewallFailOpen", to="ENABLED"),
    ),
    Mutation("listeners-send-headers", "a page may be framed", setting(_LISTENER, _FRAMES, to=None, where=_is_https)),
    Mutation(
        "containers-read-only",
        "a container may change its image",
        setting(_DEPLOYMENT, *_FIRST_CONTAINER, "securityContext", "readOnlyRootFilesystem", to=False),
    ),
    Mutation("guards-deny", "a guard fails open", setting(_GUARD, "spec", "failurePolicy", to="Ignore")),
    Mutation("guards-deny", "a guard warns", setting(f"{_GUARD}Binding", "spec", "validationActions", to=["Warn"])),
)
