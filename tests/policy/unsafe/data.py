"""What would hurt in stores of data, and in what encrypts, keeps and opens them."""

from __future__ import annotations

from typing import Final

from tests.policy.unsafe.documents import EVERYBODY, EVERYTHING, NO_DOCUMENT, TRUSTS_EVERYBODY
from tests.policy.unsafe.leaves import ABSENT, ELSEWHERE, Unsafe

DATA: Final[Unsafe] = {
    "aws:rds/instance:Instance": {
        "autoMinorVersionUpgrade": (False,),
        "backupRetentionPeriod": (0, 1, ABSENT),
        "caCertIdentifier": ("rds-ca-2019", ELSEWHERE),
        "copyTagsToSnapshot": (False, ABSENT),
        "databaseInsightsMode": ("standard", ABSENT),
        "dbSubnetGroupName": (ELSEWHERE, ABSENT),
        "deleteAutomatedBackups": (True, ABSENT),
        "deletionProtection": (False, ABSENT),
        "enabledCloudwatchLogsExports.*": (ABSENT,),
        "engineVersion": ("11", "17.4"),
        "kmsKeyId": (ELSEWHERE, ABSENT),
        "monitoringInterval": (0, ABSENT),
        "multiAz": (False, ABSENT),
        "parameterGroupName": (ELSEWHERE, ABSENT),
        "performanceInsightsEnabled": (False, ABSENT),
        "performanceInsightsKmsKeyId": (ELSEWHERE, ABSENT),
        "publiclyAccessible": (True,),
        "skipFinalSnapshot": (True,),
        "finalSnapshotIdentifier": (ABSENT,),
        "storageEncrypted": (False, ABSENT),
        "username": ("postgres", "admin"),
        "vpcSecurityGroupIds.*": (ELSEWHERE, ABSENT),
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        "family": ("postgres11",),
        "parameters.*.name": (ELSEWHERE,),
        "parameters.*.value": ("0",),
    },
    "aws:rds/subnetGroup:SubnetGroup": {"subnetIds.*": (ELSEWHERE,)},
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        "kmsKeyId": (ELSEWHERE, ABSENT),
        "retentionPeriod": (1,),
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "atRestEncryptionEnabled": (False, ABSENT),
        "authTokenUpdateStrategy": ("DELETE",),
        "autoMinorVersionUpgrade": (False,),
        "automaticFailoverEnabled": (False, ABSENT),
        "finalSnapshotIdentifier": (ABSENT,),
        "kmsKeyId": (ELSEWHERE, ABSENT),
        "logDeliveryConfigurations.*.destination": (ELSEWHERE,),
        "logDeliveryConfigurations.*.logType": (ELSEWHERE,),
        "multiAzEnabled": (False, ABSENT),
        "numCacheClusters": (1, ABSENT),
        "parameterGroupName": (ELSEWHERE, ABSENT),
        "securityGroupIds.*": (ELSEWHERE, ABSENT),
        "snapshotRetentionLimit": (0, ABSENT),
        "subnetGroupName": (ELSEWHERE, ABSENT),
        "transitEncryptionEnabled": (False, ABSENT),
        "transitEncryptionMode": ("preferred", ABSENT),
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        "parameters.*.name": (ELSEWHERE,),
        "parameters.*.value": ("allkeys-lru",),
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {"subnetIds.*": (ELSEWHERE,)},
    "aws:backup/plan:Plan": {
        "rules.*.copyActions.*.destinationVaultArn": (ELSEWHERE,),
        "rules.*.copyActions.*.lifecycle.deleteAfter": (1,),
        "rules.*.lifecycle.deleteAfter": (1,),
        "rules.*.targetVaultName": (ELSEWHERE,),
    },
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": {
        "recoveryPointSelection.includeVaults.*": (ELSEWHERE,),
    },
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": {
        "protectedResourceConditions.stringEquals.*.key": (ELSEWHERE,),
        "protectedResourceConditions.stringEquals.*.value": (ELSEWHERE,),
        "protectedResourceType": ("EBS",),
        "restoreMetadataOverrides.dbSubnetGroupName": (ELSEWHERE, ABSENT),
        "restoreMetadataOverrides.vpcSecurityGroupIds": ("[]", ABSENT),
    },
    "aws:backup/selection:Selection": {
        "conditions.*.stringEquals.*.key": (ELSEWHERE,),
        "conditions.*.stringEquals.*.value": (ELSEWHERE,),
        "planId": (ELSEWHERE,),
        "resources.*": ("arn:aws:dynamodb:*:*:table/*",),
    },
    "aws:backup/vault:Vault": {"forceDestroy": (True,), "kmsKeyArn": (ELSEWHERE, ABSENT)},
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
        "backupVaultName": (ELSEWHERE,),
        "minRetentionDays": (ABSENT, 1),
    },
    "aws:backup/vaultPolicy:VaultPolicy": {"backupVaultName": (ELSEWHERE,), "policy": (EVERYBODY, NO_DOCUMENT)},
    "aws:s3/bucket:Bucket": {"forceDestroy": (True,)},
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "bucket": (ELSEWHERE,),
    },
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
        "bucket": (ELSEWHERE,),
        "rule.defaultRetention.days": (1, ABSENT),
        "rule.defaultRetention.mode": (ABSENT,),
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        "bucket": (ELSEWHERE,),
        "rule.objectOwnership": ("ObjectWriter",),
    },
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket": (ELSEWHERE,), "policy": (EVERYBODY, NO_DOCUMENT)},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "blockPublicAcls": (False, ABSENT),
        "blockPublicPolicy": (False, ABSENT),
        "bucket": (ELSEWHERE,),
        "ignorePublicAcls": (False, ABSENT),
        "restrictPublicBuckets": (False, ABSENT),
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "bucket": (ELSEWHERE,),
        "rules.*.applyServerSideEncryptionByDefault.kmsMasterKeyId": (ELSEWHERE, ABSENT),
        "rules.*.applyServerSideEncryptionByDefault.sseAlgorithm": ("AES256",),
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        "bucket": (ELSEWHERE,),
        "versioningConfiguration.status": ("Suspended",),
    },
    "aws:secretsmanager/secret:Secret": {
        "kmsKeyId": (ELSEWHERE, ABSENT),
        "recoveryWindowInDays": (0,),
        "replicas.*.kmsKeyId": (ELSEWHERE, ABSENT),
    },
    "aws:secretsmanager/secretPolicy:SecretPolicy": {
        "blockPublicPolicy": (False, ABSENT),
        "policy": (EVERYBODY,),
        "secretArn": (ELSEWHERE,),
    },
    "aws:kms/key:Key": {
        "deletionWindowInDays": (7,),
        "enableKeyRotation": (False, ABSENT),
        "policy": (EVERYBODY, NO_DOCUMENT),
    },
    "aws:iam/role:Role": {"assumeRolePolicy": (TRUSTS_EVERYBODY, NO_DOCUMENT)},
    "aws:iam/rolePolicy:RolePolicy": {"policy": (EVERYTHING, NO_DOCUMENT)},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        "policyArn": ("arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/PowerUserAccess"),
    },
    "aws:ecr/repository:Repository": {
        "encryptionConfigurations.*.encryptionType": ("AES256",),
        "encryptionConfigurations.*.kmsKey": (ELSEWHERE, ABSENT),
        "imageTagMutability": ("MUTABLE", ABSENT),
    },
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
        "encryptionConfigurations.*.encryptionType": ("AES256",),
        "encryptionConfigurations.*.kmsKey": (ELSEWHERE, ABSENT),
        "imageTagMutability": ("MUTABLE", ABSENT),
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {"repository": (ELSEWHERE,)},
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
        "rules.*.repositoryFilters.*.filter": (ELSEWHERE,),
        "rules.*.scanFrequency": ("MANUAL",),
    },
}
