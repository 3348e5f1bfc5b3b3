"""KMS keys, one per class of data, and who may use each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.publishers import PUBLISHERS

_DELETION_WINDOW_DAYS: Final = 30
"""The longest AWS allows: what a deleted key encrypted is lost."""


class KeyClass(StrEnum):
    """A class of data that has a key of its own."""

    DATA = "data"
    """PostgreSQL, Redis, their backups and dumps, container images."""
    SECRETS = "secrets"
    """Secrets Manager."""
    LOGS = "logs"
    """Log groups of CloudWatch, and their archive."""
    CLUSTER = "cluster"
    """Kubernetes secrets and the storage of nodes."""
    NOTIFICATIONS = "notifications"
    """The topics of messages."""


VIA_SERVICES: Final[Mapping[KeyClass, tuple[str, ...]]] = {
    # ElastiCache needs both of its names. Source: Amazon ElastiCache User Guide, at-rest encryption.
    KeyClass.DATA: ("backup", "dax", "ecr", "elasticache", "rds", "s3"),
    KeyClass.SECRETS: ("secretsmanager",),
    KeyClass.LOGS: ("logs", "s3"),
    KeyClass.NOTIFICATIONS: ("sns",),
}
"""The services through which the account's identities use a key, if IAM lets them.

The cluster's key has none: EKS Auto Mode uses it as the cluster's role itself, and creates its grant without saying
that it is for an AWS resource. Source: Amazon EKS User Guide, Auto Mode and customer managed keys; key for secrets.
"""

LOG_GROUPS: Final = (
    "/aws/containerinsights/{stack}/*",
    "/aws/eks/{stack}/cluster",
    "/aws/kinesisfirehose/{stack}",
    "/aws/lambda/cwsyn-{stack}-deep-check-*",
    "/aws/route53resolver/{stack}",
    "/aws/vendedlogs/elasticache/{stack}/*",
    "/aws/vpc/flow-logs/{stack}",
    "/tmi/{stack}/metrics",
    "aws-waf-logs-{stack}",
)
"""The log groups that may use the key of logs, besides those of the databases. A new group needs a line here.

Spelled out, since `*/{stack}` or `*{stack}-*` would let in the groups of a stack `tmi-prod` beside one called `tmi`, or
those of any cluster's `application` beside a stack of that name.
"""

_ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey",
    "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListKeyPolicies",
    "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RetireGrant", "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
)  # fmt: skip
_USE: Final = (
    "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)  # fmt: skip
_GRANTS: Final = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")


@dataclass(frozen=True, kw_only=True, slots=True)
class EncryptionArgs:
    """What :class:`Encryption` needs from its caller, and the keys of a recovery region too."""

    stack_name: str
    """The prefix of the aliases; log groups carry it too."""
    database_identifiers: tuple[str, ...]
    """Every database server's identifier, replicas included: RDS puts it into the names of their log groups."""
    account: str
    """The stack's account."""
    region: str
    """Where the keys stand: a key's policy names the services of its own region."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the keys."""


class Encryption(pulumi.ComponentResource):
    """Five keys. AWS rotates each once a year and keeps the old material, so nothing is ever encrypted anew."""

    TYPE: Final = "tmi:security:Encryption"

    data_key_arn: pulumi.Output[str]
    secrets_key_arn: pulumi.Output[str]
    logs_key_arn: pulumi.Output[str]
    cluster_key_arn: pulumi.Output[str]
    notifications_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        keys = {key_class: encryption_key(self, key_class, args) for key_class in KeyClass}

        self.data_key_arn = keys[KeyClass.DATA].arn
        self.secrets_key_arn = keys[KeyClass.SECRETS].arn
        self.logs_key_arn = keys[KeyClass.LOGS].arn
        self.cluster_key_arn = keys[KeyClass.CLUSTER].arn
        self.notifications_key_arn = keys[KeyClass.NOTIFICATIONS].arn
        self.register_outputs({f"{key_class}_key_arn": key.arn for key_class, key in keys.items()})


def encryption_key(parent: pulumi.ComponentResource, key_class: KeyClass, args: EncryptionArgs) -> aws.kms.Key:
    """The key of one class and its alias, below the component that hands it on."""
    name = f"{parent.pulumi_resource_name}-{key_class}"
    key = aws.kms.Key(
        name,
        description=f"{args.stack_name}: {key_class}",
        enable_key_rotation=True,
        deletion_window_in_days=_DELETION_WINDOW_DAYS,
        # Part of the key and not a resource of its own: a key never stands with AWS's default policy.
        policy=pulumi.Output.json_dumps(key_policy(key_class, args)),
        # Protected: without its key, data cannot be read again.
        opts=pulumi.ResourceOptions(parent=parent, protect=args.deletion_protection),
    )
    aws.kms.Alias(
        f"{name}-alias",
        name=f"alias/{args.stack_name}/{key_class}",
        target_key_id=key.key_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return key


def key_policy(key_class: KeyClass, args: EncryptionArgs) -> dict[str, Any]:
    """The policy of a key. In a key's policy, the resource `*` is the key itself."""
    account = {"AWS": f"arn:aws:iam::{args.account}:root"}
    use: dict[str, Any] = {"Sid": "UseByIam", "Effect": "Allow", "Principal": account, "Action": list(_USE)}
    grants: dict[str, Any] = {"Sid": "GrantsByIam", "Effect": "Allow", "Principal": account, "Action": list(_GRANTS)}
    if services := VIA_SERVICES.get(key_class):
        via = [f"{service}.{args.region}.amazonaws.com" for service in services]
        use["Condition"] = {"StringEquals": {"kms:ViaService": via}}
        grants["Condition"] = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    statements = [
        # The account as principal hands the decision to IAM; it gives nobody the right by itself.
        {"Sid": "AdministrationByIam", "Effect": "Allow", "Principal": account, "Action": list(_ADMINISTRATION)},
        use,
        grants,
        *service_statements(key_class, args),
    ]
    return {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"} for statement in statements]}


def service_statements(key_class: KeyClass, args: EncryptionArgs) -> list[dict[str, Any]]:
    """What AWS services may do by themselves, on behalf of nobody."""
    if key_class is KeyClass.LOGS:
        # Source: CloudWatch Logs User Guide, encrypt log data. The context names account and region too.
        return [
            {
                "Sid": "CloudWatchLogs",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{args.region}.amazonaws.com"},
                "Action": list(_USE),
                "Condition": {
                    "StringLike": {
                        "kms:EncryptionContext:aws:logs:arn": [
                            f"arn:aws:logs:{args.region}:{args.account}:log-group:{group}" for group in log_groups(args)
                        ]
                    }
                },
            },
            *_anomaly_statements(args),
        ]
    if key_class is KeyClass.NOTIFICATIONS:
        # Who publishes to an encrypted topic encrypts. Source: Amazon SNS Developer Guide, encrypted topics.
        return [
            {
                "Sid": publisher.sid,
                "Effect": "Allow",
                "Principal": {"Service": publisher.service},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                **publisher.at_key(args.account),
            }
            for publisher in PUBLISHERS
        ]
    return []


def _anomaly_statements(args: EncryptionArgs) -> list[dict[str, Any]]:
    """What detectors of anomalies in logs do: their ids are made with them, so the account's are named as a whole.

    Source: Amazon CloudWatch Logs User Guide, encrypt an anomaly detector and its results.
    """
    logs = {"Service": f"logs.{args.region}.amazonaws.com"}
    look = {
        "Sid": "LogAnomaliesLook",
        "Effect": "Allow",
        "Principal": logs,
        "Action": "kms:DescribeKey",
        "Condition": {"StringEquals": {"aws:SourceAccount": args.account}},
    }
    use = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": logs,
            "Action": list(_USE),
            "Condition": {
                "StringLike": {
                    f"kms:EncryptionContext:{context}": f"arn:aws:logs:{args.region}:{args.account}:anomaly-detector:*"
                }
            },
        }
        for sid, context in (("LogAnomalies", "aws:logs:arn"), ("AnomalyResults", "aws-crypto-ec:aws:logs:arn"))
    ]
    return [look, *use]


def log_groups(args: EncryptionArgs) -> list[str]:
    """The names of this stack's log groups; `*` is any rest."""
    return [
        *(group.format(stack=args.stack_name) for group in LOG_GROUPS),
        *(f"/aws/rds/instance/{identifier}/*" for identifier in args.database_identifiers),
    ]
