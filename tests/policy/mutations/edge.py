"""Changes that break the rules of the front door, its web firewall and its buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.values import Plain, elements, read
from tests.policy.mutations.changing import Mutation, first, referring_to, setting, with_property, without

_LISTENER: Final = "aws:lb/listener:Listener"
_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
_RECORD: Final = "aws:route53/record:Record"


def _https(graph: Graph) -> Resource:
    return first(graph, _LISTENER, protocol="HTTPS")


def _uncovered_name(graph: Graph) -> Graph:
    alias = graph.referring(first(graph, _BALANCER), "aliases", _RECORD)[0]
    return with_property(graph, alias, "name", "elsewhere.example.net")


def _unproved(graph: Graph) -> Graph:
    certificate = first(graph, "aws:acm/certificate:Certificate")
    return referring_to(graph, _https(graph), "certificateArn", certificate)


def _foreign_targets(graph: Graph) -> Graph:
    listener = _https(graph)
    actions = listener.get("defaultActions")
    return with_property(
        graph,
        first(referring_to(graph, listener, "defaultActions"), _LISTENER, protocol="HTTPS"),
        "defaultActions",
        actions,
    )


def _no_hsts(graph: Graph) -> Graph:
    return with_property(graph, _https(graph), "routingHttpResponseStrictTransportSecurityHeaderValue", None)


def _malformed_headers(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _BALANCER), "dropInvalidHeaderFields", value=False)


def _no_connection_logs(graph: Graph) -> Graph:
    return with_property(graph, first(graph, _BALANCER), "connectionLogs", None)


def _no_web_acl(graph: Graph) -> Graph:
    return without(graph, first(graph, "aws:wafv2/webAclAssociation:WebAclAssociation"))


def _only_counts(graph: Graph) -> Graph:
    acl = first(graph, "aws:wafv2/webAcl:WebAcl")
    rules: list[Plain] = []
    for rule in elements(acl.get("rules")):
        assert isinstance(rule, Mapping)
        name = read(rule, "statement", "managedRuleGroupStatement", "name")
        counted: Plain = {**rule, "overrideAction": {"count": {}}}
        rules.append(counted if name == "AWSManagedRulesSQLiRuleSet" else rule)
    return with_property(graph, acl, "rules", rules)


def _shortcut(graph: Graph) -> Graph:
    acl = first(graph, "aws:wafv2/webAcl:WebAcl")
    watched: Plain = {"cloudwatchMetricsEnabled": True}
    shortcut: Plain = {"name": "partner", "priority": 0, "action": {"allow": {}}, "visibilityConfig": watched}
    return with_property(graph, acl, "rules", [*elements(acl.get("rules")), shortcut])


def _refusals_unseen(graph: Graph) -> Graph:
    logging = first(graph, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
    return with_property(graph, logging, "loggingFilter", {"defaultBehavior": "DROP", "filters": []})


def _logged_cookies(graph: Graph) -> Graph:
    logging = first(graph, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
    fields = elements(logging.get("redactedFields"))
    kept = [field for field in fields if read(field, "singleHeader", "name") != "cookie"]
    assert len(kept) < len(fields)
    return with_property(graph, logging, "redactedFields", kept)


def _no_versions(graph: Graph) -> Graph:
    versioning = first(graph, "aws:s3/bucketVersioning:BucketVersioning")
    return with_property(graph, versioning, "versioningConfiguration", {"status": "Suspended"})


def _no_policy(graph: Graph) -> Graph:
    return without(graph, first(graph, "aws:s3/bucketPolicy:BucketPolicy"))


EDGE: Final = (
    Mutation("certificates-proved", "an alias has a name that no certificate covers", _uncovered_name),
    Mutation("certificates-proved", "a listener does not wait for its certificate", _unproved),
    Mutation("listeners-forward-by-tls", "a listener forwards to targets from elsewhere", _foreign_targets),
    Mutation("listeners-send-hsts", "browsers may come back in plaintext", _no_hsts),
    Mutation("balancers-hardened", "malformed headers pass", _malformed_headers),
    Mutation("balancers-recorded", "handshakes are not logged", _no_connection_logs),
    Mutation("balancers-behind-web-acl", "no web ACL stands before the balancer", _no_web_acl),
    Mutation("web-acls-refuse", "a managed group only counts", _only_counts),
    Mutation("web-acls-without-shortcuts", "a rule lets its friends in", _shortcut),
    Mutation("web-acls-recorded", "cookies are logged", _logged_cookies),
    Mutation("web-acls-recorded", "refusals are not logged", _refusals_unseen),
    Mutation("buckets-closed", "a bucket may be published", setting(_BLOCK, "blockPublicPolicy", to=False)),
    Mutation("buckets-owned", "objects are their writers'", setting(_OWNERSHIP, "rule", to=None)),
    Mutation("buckets-tidied", "nothing ends", setting(_LIFECYCLE, "rules", to=[])),
    Mutation("buckets-versioned", "versions are suspended", _no_versions),
    Mutation("buckets-refuse-plaintext", "a bucket answers plaintext", _no_policy),
)
