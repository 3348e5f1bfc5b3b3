"""Resources at which a value does not hurt that would elsewhere; each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from tests.policy.unsafe.leaves import POD, Leaf


@dataclass(frozen=True, slots=True)
class Excuse:
    """Where and why a value does not hurt; places are patterns, with `*` for anything."""

    resource: str
    """Pattern over `type::name`; the type of what stands in a pod is `pod`."""
    path: str
    """Pattern over the path, be it with `*` for places in a list or with their numbers."""
    reason: str
    value: str = "*"
    """Pattern over the value that stands there now."""

    def covers(self, leaf: Leaf) -> bool:
        """Whether it is meant for this leaf."""
        paths = (leaf.pattern, ".".join(map(str, leaf.path)))
        return (
            fnmatchcase(f"{leaf.type}::{leaf.resource.name}", self.resource)
            and any(fnmatchcase(path, self.path) for path in paths)
            and fnmatchcase(str(leaf.value), self.value)
        )


_REPLICA: Final = "aws:rds/instance:Instance::database-main-replica-*"
_PRIMARY: Final = "aws:rds/instance:Instance::database-main-primary"
_PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup::*"
_NETWORK_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy::"
_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule::network-acls-"
_NAMESPACE: Final = "kubernetes:core/v1:Namespace::*"
_INHERITED: Final = "RDS gives a replica its source's within a region"
_ALLOWS: Final = "it only allows: where it does not hold, the default deny does"
_WAYS_OUT: Final = "ACLs are the second lock on the ways in; groups, routes and network policies bound those out"
_PART: Final = "it is part of another alarm, or holds one back"

EXCUSED: Final[tuple[Excuse, ...]] = (
    Excuse("aws:cloudwatch/compositeAlarm:CompositeAlarm::alarms-*-down", "alarmActions.*", _PART),
    Excuse("aws:cloudwatch/metricAlarm:MetricAlarm::alarms-*-silent", "alarmActions.*", _PART),
    Excuse(_REPLICA, "backupRetentionPeriod", "its source is backed up"),
    Excuse(_REPLICA, "parameterGroupName", _INHERITED),
    Excuse(_REPLICA, "storageEncrypted", _INHERITED),
    Excuse(_PRIMARY, "enabledCloudwatchLogsExports.*", "RDS's events tell of upgrades as well", "upgrade"),
    *(
        Excuse(_PARAMETERS, f"parameters.{number}.*", "how the stack finds waits and ends idle transactions")
        for number in (5, 6, 7)
    ),
    Excuse(_PARAMETERS, "parameters.1.name", "PostgreSQL speaks TLS 1.2 at least by itself"),
    Excuse(_PARAMETERS, "parameters.2.value", "at 0 every statement is logged"),
    *(
        Excuse(f"{_NETWORK_POLICY}{name}", path, _ALLOWS)
        for name in ("add-ons-*", "*-network", "server-tmi-[!d]*", "server-tmi-d[!e]*")
        for path in ("metadata.namespace", "spec.policyTypes.*")
    ),
    *(Excuse(f"{_NETWORK_POLICY}{name}", "spec.podSelector", _ALLOWS) for name in ("add-ons-*", "server-tmi-dns")),
    *(
        Excuse(f"{_ACL_RULE}{name}", path, _WAYS_OUT)
        for name in ("edge-out-*", "app-out-*", "endpoints-out-*")
        for path in ("cidrBlock", "egress", "fromPort", "protocol", "toPort")
    ),
    *(
        Excuse(f"{_ACL_RULE}data-out-answers", path, "it lets answers out to the pods' addresses alone")
        for path in ("fromPort", "protocol")
    ),
    Excuse(f"{_ACL_RULE}endpoints-in-https", "cidrBlock", "one port, which the endpoints' group closes as well"),
    *(
        Excuse(f"{_ACL_RULE}{name}", path, "it is no rule of ports, or open to the network's own addresses alone")
        for name in ("*-path-mtu", "app-in-own", "endpoints-in-https")
        for path in ("fromPort", "protocol", "toPort")
    ),
    Excuse(
        "aws:s3/bucketServerSideEncryptionConfiguration:*::load-balancer-logs-*",
        "bucket",
        "without it S3 encrypts with AES256, the only way for a balancer's logs",
    ),
    Excuse(f"{POD}::*", "containers.*.resources.requests.*", "Kubernetes takes the limit for it", "*Mi"),
    Excuse(f"{POD}::*-recycling-job", "automountServiceAccountToken", "it restarts a Deployment by this token"),
    Excuse(_NAMESPACE, "metadata.labels.pod-security.kubernetes.io/warn*", "a warning to people"),
    Excuse(_NAMESPACE, "metadata.labels.pod-security.kubernetes.io/audit*", "a note in a log"),
    Excuse("kubernetes:core/v1:ResourceQuota::*", "spec.hard.*", "disks cost money, no more", "0"),
    Excuse("aws:eks/accessPolicyAssociation:*::*-viewer-*", "policyArn", "who is an administrator, the stack decides"),
    Excuse("aws:lb/listener:Listener::*-http", "routingHttpResponseServerEnabled", "it does nothing but redirect"),
    *(
        Excuse("aws:route53/resolverFirewallRule:*::*-allow", path, "then fewer names are let through")
        for path in ("action", "firewallDomainListId", "firewallRuleGroupId")
    ),
    Excuse("aws:sns/topicSubscription:TopicSubscription::notification-*", "topic", "the chat reads the topic as well"),
    Excuse("aws:wafv2/webAclLoggingConfiguration:*::*", "*.singleHeader.name", "it is no credential", "referer"),
)
