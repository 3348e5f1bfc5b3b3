"""What is wrong with the program, and which rule must say so of which resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault."""

    what: str
    rule: str
    """The id of the rule that is about it."""
    resource: str
    """The logical name of the resource that the rule must name."""
    says: str
    """What the message must hold: the rule saw this fault and no other of the same resource."""


DEFECTS: Final = (
    Defect("the database's group admits the internet", "data-admits-groups-only", "world-to-database", "0.0.0.0/0"),
    Defect("a plaintext listener forwards", "listeners-tls", "http", "redirect"),
    Defect("a listener speaks TLS 1.0", "listeners-tls", "https", "ELBSecurityPolicy-2016-08"),
    Defect("the pods are spoken to in plaintext", "target-groups-tls", "pods", "protocol is HTTP"),
    Defect("the load balancer keeps no access log", "balancers-recorded", "front", "accessLogs"),
    Defect("no web firewall stands before it", "balancers-behind-web-acl", "front", "web ACL"),
    Defect("the database is not encrypted", "storage-customer-key", "database", "storageEncrypted"),
    Defect("the database is public", "databases-private", "database", "publiclyAccessible is true"),
    Defect("the database stands in one zone", "databases-span-zones", "database", "multiAz"),
    Defect("the database has no backups", "databases-recoverable", "database", "backupRetentionPeriod is 0"),
    Defect("the database can be deleted in one step", "deletion-refused", "database", "deletionProtection"),
    Defect("PostgreSQL may be spoken to in plaintext", "postgres-forces-tls", "database", "rds.force_ssl"),
    Defect("Redis speaks plaintext", "redis-tls-and-token", "cache", "transitEncryptionEnabled"),
    Defect("Redis admits anybody", "redis-tls-and-token", "cache", "admits anybody"),
    Defect("Redis has no subnets of its own", "caches-keep-revocations", "cache", "subnetGroupName"),
    Defect("a secret has AWS's key", "storage-customer-key", "database", "kmsKeyId"),
    Defect("a secret is gone as soon as it is deleted", "secrets-guarded", "database", "recoveryWindowInDays is 0"),
    Defect("a log group keeps everything for ever", "logs-kept", "application", "retentionInDays is 0"),
    Defect("a role may do everything", "iam-no-wildcards", "everything", "every action"),
    Defect("the cluster's API is open to the internet", "clusters-closed", "tmi", "publicAccessCidrs"),
    Defect("the cluster's secrets have no key", "storage-customer-key", "tmi", "encryptionConfig"),
    Defect("the cluster keeps no log", "clusters-recorded", "tmi", "enabledClusterLogTypes"),
    Defect("a topic is not encrypted", "storage-customer-key", "alarms", "kmsMasterKeyId"),
    Defect("a bucket is bare", "buckets-closed", "exports", "no public access block"),
    Defect("nobody records the network's traffic", "vpc-traffic-recorded", "net", "no flow log"),
    Defect("the default group is open", "vpc-defaults-empty", "net", "DefaultSecurityGroup"),
    Defect("a data subnet rides on the main route table", "data-subnets-no-way-out", "data-eu-west-1a", "main route"),
    Defect("a pod is privileged", "pods-off-the-host", "tmi", "privileged"),
    Defect("a pod is on its host's network", "pods-off-the-host", "tmi", "hostNetwork"),
    Defect("a pod's image is whatever is latest", "images-pinned", "tmi", "neither a digest nor a version"),
    Defect("a Service asks for a plaintext load balancer", "services-inside", "tmi", "ClusterIP"),
    Defect("a password stands in a pod's environment", "manifests-without-secrets", "tmi", "credential"),
    Defect("a namespace has no network policy", "workloads-isolated", "tmi", "denies no ingress"),
)
"""Every fault of the program, one a line; the published count of 26 takes some of them together."""
