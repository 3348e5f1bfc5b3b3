"""Controls of AWS: Foundational Security Best Practices, the CIS benchmark, and what neither of them asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_FSBP: Final[Mapping[str, tuple[int, ...]]] = {
    "ACM": (1, 2),
    "AutoScaling": (1, 2, 3, 5, 6, 9),
    "Backup": (1, 2, 3, 4, 5),
    "CloudTrail": (1, 2, 4, 5, 6, 7),
    "CloudWatch": (*range(1, 18),),
    "EC2": (
        *(2, 3, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 25, 28),
        *(*range(33, 54), *range(55, 61), 170, 172, 181),
    ),
    "ECR": (1, 2, 3, 5),
    "ECS": (1, 2, 3, 4, 5, 8, 9, 10, 12, *range(16, 21)),
    "EKS": (1, 2, 3, 6, 7, 8),
    "ElastiCache": (*range(1, 8),),
    "ELB": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17, 18, 21, 22),
    "IAM": (*range(1, 20), *range(21, 29)),
    "KMS": (1, 2, 3, 4, 5),
    "RDS": (*range(1, 19), *range(20, 34), 35, 36, 37, 38, 43, 46, 47, 50),
    "Route53": (1, 2),
    "S3": (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 20, 22, 23),
    "SecretsManager": (1, 2, 3, 4, 5),
    "SNS": (1, 3, 4),
    "SQS": (1, 3),
    "WAF": (10, 11, 12),
}
_CIS: Final = (
    *("1.15", "1.16", "2.1.1", "2.1.4", "2.2.4", "2.21", "2.3.1", "2.3.2", "2.3.3"),
    *(f"3.{each}" for each in range(1, 8)),
    *(f"4.{each}" for each in range(1, 16)),
    *("5.1", "5.1.1", "5.2", "5.3", "5.4", "5.6", "6.8"),
)


def _of(service: str, *numbers: int) -> Iterator[str]:
    return (f"FSBP {service}.{each}" for each in numbers)


KNOWN: Final = frozenset(
    {
        *(each for service, numbers in _FSBP.items() for each in _of(service, *numbers)),
        *(f"CIS AWS {id_}" for id_ in _CIS),
    }
)

_ACCOUNT: Final = "a state of the account, or a use of it, that no program decides"
_TRAIL: Final = "for whoever owns the account's trail; a stack of an application has none"
_NODES: Final = (
    "no stack starts machines itself: EKS Auto Mode does, without SSH, with IMDSv2 alone and encrypted disks"
)
_TAGS: Final = "the default tags of the provider give every resource its tags; no rule counts names of tags"
_SPARE: Final = "waste or habit, not exposure: a spare address or group lets nobody in by itself"

LEFT_OUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(_of("AutoScaling", 2, 3, 5, 6, 9), _NODES),
    **dict.fromkeys(_of("Backup", 2, 3, 4, 5), _TAGS),
    **dict.fromkeys(_of("CloudTrail", 1, 2, 4, 5, 6, 7), _TRAIL),
    **dict.fromkeys(_of("CloudWatch", *range(1, 15)), _TRAIL),
    **dict.fromkeys((f"CIS AWS 3.{each}" for each in range(1, 6)), _TRAIL),
    **dict.fromkeys((f"CIS AWS 4.{each}" for each in range(1, 16)), _TRAIL),
    **dict.fromkeys((*_of("EC2", 7, 172), "CIS AWS 5.1.1"), _ACCOUNT),
    **dict.fromkeys(_of("EC2", 12, 17, 22), _SPARE),
    **dict.fromkeys((*_of("EC2", 25, 28, 170, 181), "CIS AWS 5.6"), _NODES),
    **dict.fromkeys(_of("EC2", *range(33, 54)), _TAGS),
    **dict.fromkeys(
        _of("EC2", 10, 57, 58, 59, 60),
        "needed only where something calls that service; `endpoints-narrow` judges the endpoints that are there",
    ),
    **dict.fromkeys(_of("ECS", *_FSBP["ECS"]), "workloads run on EKS"),
    **dict.fromkeys(_of("EKS", 6, 7), _TAGS),
    **dict.fromkeys(_of("ELB", 3, 7, 8, 9, 10, 14), "of classic load balancers"),
    **dict.fromkeys(_of("IAM", *range(3, 20), 22, 26, 27, 28), _ACCOUNT),
    **dict.fromkeys(_of("IAM", 23, 24, 25), _TAGS),
    **dict.fromkeys(_of("RDS", 7, 12, 14, 15, 16, 24, 27, 35, 37, 47, 50), "of Aurora and other clusters"),
    "FSBP RDS.4": "snapshots are made by RDS and AWS Backup, not by a program",
    "FSBP RDS.10": "the application signs in by a password, which `credentials-not-in-state` keeps out of the state",
    "FSBP RDS.22": "of groups outside of any VPC, which AWS no longer has",
    "FSBP RDS.23": "`data-admits-groups-only` lets in the application alone; another number would hide nothing",
    **dict.fromkeys(_of("RDS", *range(28, 34)), _TAGS),
    "FSBP RDS.43": "no stack has a proxy; the groups of one are judged as a database's",
    "FSBP Route53.1": _TAGS,
    "FSBP Route53.2": "the public zone is older than the stack and belongs to the domain",
    **dict.fromkeys(
        _of("S3", 7, 20, 22, 23), "for buckets that need it: copies, events and trails of objects are a choice"
    ),
    "FSBP S3.9": "who reads which object is for the account's trail; the balancers' own logs are kept",
    "FSBP S3.11": "for buckets that need it: copies, events and trails of objects are a choice",
    **dict.fromkeys(
        _of("SecretsManager", 1, 4),
        "the program rotates what it generates; a value older than 90 days is reported at each run and refuses "
        "nothing, since the one deployment that cannot wait must pass",
    ),
    **dict.fromkeys(_of("SecretsManager", 2, 3), _ACCOUNT),
    "FSBP SecretsManager.5": _TAGS,
    "FSBP SNS.3": _TAGS,
}

NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "RDS: a key of the stack, also for performance data": ("storage-customer-key",),
    "RDS: a current certificate authority": ("databases-current",),
    "RDS: performance data": ("databases-watched",),
    "RDS: a last snapshot": ("databases-recoverable",),
    "RDS: no password in the state": ("credentials-not-in-state",),
    "ElastiCache: a key of the stack": ("storage-customer-key",),
    "ElastiCache: groups by reference, no way to the internet": ("data-admits-groups-only", "data-subnets-no-way-out"),
    "ElastiCache: slow log and engine log": ("caches-logged",),
    "WAF: managed groups that refuse, a limit of requests": ("web-acls-refuse",),
    "Security groups: nothing out that nobody needs": ("groups-reach-known-peers",),
    "EKS: access by entries alone": ("clusters-by-entries",),
    "EKS: deletion protection": ("deletion-refused",),
    "Secrets Manager: a key of the stack, a way back, values out of the state": (
        "storage-customer-key",
        "secrets-guarded",
        "credentials-not-in-state",
    ),
    "Secrets Manager: a policy that cannot make it public": ("secrets-guarded",),
    "IAM: no administrator's policies": ("iam-no-wildcards",),
    "IAM: who may take a role": ("roles-trusted-narrowly",),
    "CloudWatch: log groups of one's own, with an end and a key": (
        "logs-kept",
        "clusters-recorded",
        "storage-customer-key",
    ),
    "SNS: publishers that may use the topic and its key": ("publishers-admitted",),
    "Backup: an end, a copy elsewhere, a lock, a selection that picks": (
        "plans-keep-copies",
        "copies-elsewhere",
        "vaults-locked",
        "databases-backed-up",
    ),
}
