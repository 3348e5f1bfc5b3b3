"""What leaves the region arrives encrypted by keys there, under names that a stack there can take."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.image_replication import ImageReplication, ImageReplicationArgs
from components.recovery import Recovery, RecoveryArgs
from components.recovery_keys import RecoveryKeys, RecoveryKeysArgs
from tests.cloud import Cloud, run
from tests.iam import findings

HOME = "arn:aws:rds:eu-west-1:222222222222:db:tmi-prod-{}"
KEY = "arn:aws:kms:eu-central-1:222222222222:key/00000000-0000-0000-0000-000000000000"


def recovery() -> Cloud:
    def program() -> None:
        made = Recovery(
            "recovery",
            RecoveryArgs(
                account="222222222222",
                region="eu-central-1",
                databases={"main": HOME.format("main"), "before": HOME.format("before")},
                backup_retention_days=14,
                data_key_arn=KEY,
                image_prefix="tmi-prod",
                images_kept=100,
                domains=("tmi.example.com", "threat-models.example.com"),
            ),
        )
        pulumi.export("backups", made.automated_backup_arns)
        pulumi.export("certificate", made.certificate_arn)

    return run(program)


def test_the_backups_of_every_primary_are_replicated_under_the_key_there() -> None:
    cloud = recovery()
    replicated = {each.name: each.inputs for each in cloud.of(aws.rds.InstanceAutomatedBackupsReplication)}
    assert {name: inputs["sourceDbInstanceArn"] for name, inputs in replicated.items()} == {
        "recovery-main-backups": HOME.format("main"),
        "recovery-before-backups": HOME.format("before"),
    }
    assert {(inputs["kmsKeyId"], inputs["retentionPeriod"]) for inputs in replicated.values()} == {(KEY, 14)}
    # Their ids are the ARNs that the origin of a restore names.
    assert cloud.exports["backups"] == {"before": "recovery-before-backups-id", "main": "recovery-main-backups-id"}


def test_a_replication_is_stopped_before_it_starts_anew() -> None:
    for replication in recovery().of(aws.rds.InstanceAutomatedBackupsReplication):
        assert replication.request.deleteBeforeReplace


def test_a_repository_there_is_as_safe_as_the_one_here() -> None:
    cloud = recovery()
    template = cloud.one(aws.ecr.RepositoryCreationTemplate)
    assert template.inputs["appliedFors"] == ["REPLICATION"]
    assert template.inputs["prefix"] == "tmi-prod"
    assert template.inputs["imageTagMutability"] == "IMMUTABLE"
    assert template.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEY}]
    assert json.loads(template.inputs["lifecyclePolicy"])["rules"][-1]["selection"]["countNumber"] == 100
    policy = cloud.one(aws.iam.RolePolicy)
    assert policy.name in template.dependencies
    assert findings(policy.inputs["policy"]) == []
    assert "arn:aws:ecr:eu-central-1:222222222222:repository/tmi-prod/*" in policy.inputs["policy"]


def test_the_certificate_there_is_proved_by_the_records_of_the_one_here() -> None:
    cloud = recovery()
    certificate = cloud.one(aws.acm.Certificate).inputs
    assert certificate["domainName"] == "tmi.example.com"
    assert certificate["subjectAlternativeNames"] == ["threat-models.example.com"]
    validation = cloud.one(aws.acm.CertificateValidation).inputs
    assert validation["validationRecordFqdns"] == [
        "_validation.tmi.example.com",
        "_validation.threat-models.example.com",
    ]
    assert pulumi.get_type_token(aws.route53.Record) not in {resource.type for resource in cloud.resources}
    assert cloud.exports["certificate"]


def test_keys_there_are_for_the_services_there() -> None:
    args = RecoveryKeysArgs(
        stack_name="tmi-prod",
        database_identifiers=(),
        account="222222222222",
        region="eu-central-1",
        deletion_protection=True,
    )
    cloud = run(lambda: RecoveryKeys("recovery-keys", args))
    keys = {key.name: key for key in cloud.of(aws.kms.Key)}
    assert set(keys) == {f"recovery-keys-{each}" for each in ("data", "secrets", "notifications")}
    assert all(key.protect for key in keys.values())
    for name, service in (("data", "rds"), ("secrets", "secretsmanager"), ("notifications", "sns")):
        policy = keys[f"recovery-keys-{name}"].inputs["policy"]
        assert f"{service}.eu-central-1.amazonaws.com" in policy
        assert "eu-west-1" not in policy
    assert {alias.inputs["name"] for alias in cloud.of(aws.kms.Alias)} == {
        "alias/tmi-prod/data",
        "alias/tmi-prod/secrets",
        "alias/tmi-prod/notifications",
    }


def test_tmis_repository_alone_is_replicated() -> None:
    args = ImageReplicationArgs(account="222222222222", region="eu-central-1", repository="tmi-prod/tmi")
    (rule,) = (
        run(lambda: ImageReplication("image-replication", args))
        .one(aws.ecr.ReplicationConfiguration)
        .inputs["replicationConfiguration"]["rules"]
    )
    assert rule["destinations"] == [{"region": "eu-central-1", "registryId": "222222222222"}]
    assert rule["repositoryFilters"] == [{"filter": "tmi-prod/tmi", "filterType": "PREFIX_MATCH"}]
