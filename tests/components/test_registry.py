"""TMI's images cannot be overwritten, and third-party ones come by the account's own registry."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
import pytest

from components.registry import Registry, RegistryArgs
from components.settings.choices import Scanning
from components.settings.sections import Images, OwnImages, RegistrySettings, ReplicatedImages
from tests.cloud import Cloud, run

KEY = [{"encryptionType": "KMS", "kmsKey": "arn:key"}]


def registry(
    *, deletion_protection: bool = True, scanning: Scanning = Scanning.BASIC, images: Images | None = None
) -> Cloud:
    def program() -> None:
        made = Registry(
            "registry",
            RegistryArgs(
                account="111111111111",
                region="eu-west-1",
                stack_name="tmi-dev",
                key_arn="arn:key",
                settings=RegistrySettings(
                    tmi_images=images or OwnImages(kind="own"), images_kept=20, scanning=scanning
                ),
                deletion_protection=deletion_protection,
            ),
        )
        pulumi.export("public_prefix", made.public_prefix)
        pulumi.export("tmi", made.tmi_repository_url)

    return run(program)


def test_an_image_of_tmi_is_scanned_encrypted_and_final() -> None:
    repository = registry().one(aws.ecr.Repository).inputs
    assert repository["name"] == "tmi-dev/tmi"
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == KEY
    assert "forceDelete" not in repository


@pytest.mark.parametrize("protected", [True, False])
def test_images_are_kept_where_the_stack_is(protected: bool) -> None:  # noqa: FBT001 -- a case of the test
    assert registry(deletion_protection=protected).one(aws.ecr.Repository).protect is protected


def test_old_images_go() -> None:
    policy = json.loads(registry().one(aws.ecr.LifecyclePolicy).inputs["policy"])
    assert policy["rules"][-1]["selection"]["countNumber"] == 20


def test_a_cached_repository_is_as_safe_as_tmis_own() -> None:
    cloud = registry()
    template = cloud.one(aws.ecr.RepositoryCreationTemplate)
    assert template.inputs["imageTagMutability"] == "IMMUTABLE"
    assert template.inputs["encryptionConfigurations"] == KEY
    assert template.inputs["appliedFors"] == ["PULL_THROUGH_CACHE"]
    assert cloud.one(aws.iam.RolePolicy).name in template.dependencies
    assert template.inputs["customRoleArn"] == cloud.one(aws.iam.Role).inputs["arn"]


def test_the_template_is_there_before_the_first_pull() -> None:
    cloud = registry()
    rule = cloud.one(aws.ecr.PullThroughCacheRule)
    assert rule.inputs["upstreamRegistryUrl"] == "public.ecr.aws"
    assert rule.inputs["ecrRepositoryPrefix"] == cloud.one(aws.ecr.RepositoryCreationTemplate).inputs["prefix"]
    assert cloud.one(aws.ecr.RepositoryCreationTemplate).name in rule.dependencies


def test_the_prefix_names_the_accounts_registry() -> None:
    assert registry().exports["public_prefix"] == "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev/public"


def test_the_longest_stack_name_fits_a_cache_rule() -> None:
    longest = 20  # of a stack name; a prefix of a pull-through cache rule has 30 characters at most
    assert longest + len("/public") <= 30


@pytest.mark.parametrize(
    ("scanning", "kind", "frequency"),
    [(Scanning.BASIC, "BASIC", "SCAN_ON_PUSH"), (Scanning.ENHANCED, "ENHANCED", "CONTINUOUS_SCAN")],
)
def test_every_image_of_the_registry_is_scanned(scanning: Scanning, kind: str, frequency: str) -> None:
    inputs = registry(scanning=scanning).one(aws.ecr.RegistryScanningConfiguration).inputs
    assert inputs["scanType"] == kind
    # For all repositories: another stack's configuration would overrule a narrower one.
    assert inputs["rules"] == [
        {"scanFrequency": frequency, "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    ]


def test_images_that_another_stack_replicates_here_are_used_as_they_are() -> None:
    cloud = registry(images=ReplicatedImages(kind="replicated", stack="tmi-prod"))
    assert cloud.exports["tmi"] == "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-prod/tmi"
    assert {resource.type for resource in cloud.resources} >= {pulumi.get_type_token(aws.ecr.PullThroughCacheRule)}
    made = {resource.type for resource in cloud.resources}
    assert pulumi.get_type_token(aws.ecr.Repository) not in made
    assert pulumi.get_type_token(aws.ecr.LifecyclePolicy) not in made
