"""The canary: a script of our own that tries TMI each minute from inside the VPC, as a client would."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.dump_bucket import encrypted
from components.log_sink import LogSink, log_group
from components.monitoring.tables.deep_check import NAMESPACE
from components.private_bucket import Expiry, PrivateBucketArgs, private_bucket
from components.service_role import ServiceRole, ServiceRoleArgs

SCRIPT: Final = Path(__file__).parent / "canary_script" / "deep_check.py"
RESULTS: Final = "results"
"""Where Synthetics writes what a run left behind."""
_SCRIPTS: Final = "scripts"
_KEPT_DAYS: Final = 31
"""How long a run can be looked into; Synthetics keeps its own records as long by default."""
_TIMEOUT_SECONDS: Final = 50
"""Three answers of ten seconds and the start of the runtime, and over before the next run."""
_MEMORY_MIB: Final = 960
"""The least Synthetics takes. Source: Amazon CloudWatch API Reference (Synthetics), CanaryRunConfigInput."""
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""A file's time in a zip: the same for the same script."""
_TRUST: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
"""Synthetics runs its scripts as functions of Lambda, which names no source when it takes a role."""


def canary_name(stack_name: str) -> str:
    """The name that metrics and the log group carry."""
    return f"{stack_name}-deep-check"


@dataclass(frozen=True, kw_only=True, slots=True)
class CanaryArgs:
    """What a :class:`Canary` needs from its caller."""

    stack_name: str
    """The first part of its name."""
    account: str
    """Whose it is."""
    region: str
    """Where it runs."""
    runtime: str
    """The version of Synthetics' runtime."""
    site: str
    """The address of TMI: https, the domain, no slash behind it."""
    client_id: str
    """Who it is for TMI."""
    client_secret_arn: pulumi.Input[str]
    """The secret by which it proves that."""
    secrets_key_arn: pulumi.Input[str]
    """The key that encrypts that secret."""
    threat_model: str
    """The id of the threat model that it reads."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets with a way to TMI and to AWS's services."""
    security_group_id: pulumi.Input[str]
    """What it may connect to."""
    data_key_arn: pulumi.Input[str]
    """The key that encrypts what runs leave behind: answers of TMI could be in it."""
    logs: LogSink
    """How its log is kept."""


class Canary(pulumi.ComponentResource):
    """The canary with its script, its role, its bucket and its log group.

    Lambda names the log group after an id that AWS draws when the canary is made, so the group cannot stand before it.
    Nor can it be made without its key and retention: the canary's role may write to a group and not make one. Until the
    group is there, for the first minute, Lambda drops what is logged; results are kept from the first run.
    """

    TYPE: Final = "tmi:monitoring:Canary"

    def __init__(self, name: str, args: CanaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = private_bucket(self, _bucket(args))
        content = archive(SCRIPT)
        script = aws.s3.BucketObjectv2(
            f"{name}-script",
            bucket=bucket,
            # By its content: another script is another object, and the canary takes it.
            key=f"{_SCRIPTS}/{hashlib.sha256(content).hexdigest()}.zip",
            content_base64=base64.b64encode(content).decode(),
            content_type="application/zip",
            opts=child,
        )
        role = ServiceRole(
            f"{name}-execution",
            ServiceRoleArgs(trust=_TRUST, statements=statements(args, bucket)),
            child,
        )
        canary = self._canary(args, bucket, script, role)
        log_group(f"{name}-logs", canary.engine_arn.apply(log_group_name), args.logs, child)
        self.register_outputs({})

    def _canary(
        self, args: CanaryArgs, bucket: pulumi.Output[str], script: aws.s3.BucketObjectv2, role: ServiceRole
    ) -> aws.synthetics.Canary:
        return aws.synthetics.Canary(
            f"{self.pulumi_resource_name}-canary",
            name=canary_name(args.stack_name),
            runtime_version=args.runtime,
            handler=f"{SCRIPT.stem}.handler",
            s3_bucket=bucket,
            s3_key=script.key,
            execution_role_arn=role.arn,
            artifact_s3_location=pulumi.Output.concat("s3://", bucket, "/", RESULTS),
            artifact_config=aws.synthetics.CanaryArtifactConfigArgs(
                s3_encryption=aws.synthetics.CanaryArtifactConfigS3EncryptionArgs(
                    encryption_mode="SSE_KMS", kms_key_arn=args.data_key_arn
                )
            ),
            schedule=aws.synthetics.CanaryScheduleArgs(expression="rate(1 minute)"),
            run_config=aws.synthetics.CanaryRunConfigArgs(
                timeout_in_seconds=_TIMEOUT_SECONDS,
                memory_in_mb=_MEMORY_MIB,
                environment_variables={
                    "SITE": args.site,
                    "CLIENT_ID": args.client_id,
                    "CLIENT_SECRET_ARN": args.client_secret_arn,
                    "THREAT_MODEL": args.threat_model,
                },
            ),
            vpc_config=aws.synthetics.CanaryVpcConfigArgs(
                subnet_ids=args.subnet_ids, security_group_ids=[args.security_group_id]
            ),
            success_retention_period=_KEPT_DAYS,
            failure_retention_period=_KEPT_DAYS,
            start_canary=True,
            delete_lambda=True,
            # Lambda tries the role when it is made.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )


def _bucket(args: CanaryArgs) -> PrivateBucketArgs:
    return PrivateBucketArgs(
        encryption=encrypted(args.data_key_arn),
        expiries=(Expiry(id="expire-results", prefix=f"{RESULTS}/", days=_KEPT_DAYS, noncurrent_days=1),),
        statements=lambda _: (),
        # It holds nothing that the next minute does not make again.
        disposable=True,
        deletion_protection=False,
        force_destroy=True,
    )


def archive(script: Path) -> bytes:
    """The zip file that Synthetics takes; the same for the same script, wherever it is made.

    Source: Amazon CloudWatch User Guide, writing a Python canary script, packaging.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
        entry = zipfile.ZipInfo(f"python/{script.name}", _EARLIEST)
        entry.create_system = 3  # whatever the machine: Unix
        entry.external_attr = 0o644 << 16
        packed.writestr(entry, script.read_text(encoding="utf-8"))
    return content.getvalue()


def log_group_name(engine_arn: str) -> str:
    """The log group of the function behind a canary, from the function's ARN, which may end in a version."""
    return f"/aws/lambda/{engine_arn.split(':')[6]}"


def statements(args: CanaryArgs, bucket: pulumi.Input[str]) -> list[dict[str, Any]]:
    """What a run may do: leave results, count, log, stand in the VPC, and read its one secret.

    Without `logs:CreateLogGroup`: the group is the stack's to make. Without `xray:PutTraceSegments`: it traces nothing.
    Source: Amazon CloudWatch User Guide, required roles and permissions for canaries.
    """
    bucket_arn = pulumi.Output.concat("arn:aws:s3:::", bucket)
    logs = f"arn:aws:logs:{args.region}:{args.account}:log-group:/aws/lambda/cwsyn-{canary_name(args.stack_name)}-*"

    interfaces = [
        f"arn:aws:ec2:{args.region}:{args.account}:{kind}/*"
        for kind in ("network-interface", "security-group", "subnet")
    ]

    def allow(
        *actions: str, on: pulumi.Input[str] | list[str], where: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        condition = {"Condition": {"StringEquals": dict(where)}} if where else {}
        return {"Effect": "Allow", "Action": list(actions), "Resource": on, **condition}

    return [
        allow("s3:PutObject", "s3:GetObject", on=pulumi.Output.concat(bucket_arn, f"/{RESULTS}/*")),
        allow("s3:GetBucketLocation", on=bucket_arn),
        # It cannot be narrowed, and tells names alone.
        allow("s3:ListAllMyBuckets", on="*"),
        allow("kms:GenerateDataKey", "kms:Decrypt", on=args.data_key_arn, where=_via("s3", args.region)),
        allow("cloudwatch:PutMetricData", on="*", where={"cloudwatch:namespace": NAMESPACE}),
        allow("logs:CreateLogStream", "logs:PutLogEvents", on=logs),
        allow("ec2:DescribeNetworkInterfaces", on="*"),
        # Whose ids are not known before. Source: Service Authorization Reference, Amazon EC2.
        allow("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", on=interfaces),
        allow("secretsmanager:GetSecretValue", on=args.client_secret_arn),
        allow("kms:Decrypt", on=args.secrets_key_arn, where=_via("secretsmanager", args.region)),
    ]


def _via(service: str, region: str) -> dict[str, str]:
    return {"kms:ViaService": f"{service}.{region}.amazonaws.com"}
