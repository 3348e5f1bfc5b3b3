"""The canary: its script as Synthetics takes it, its rights, and its log group."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pulumi_aws as aws

from components.log_sink import LogSink
from components.monitoring.canary import SCRIPT, Canary, CanaryArgs, archive, log_group_name
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.stacks.program import recorded

SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:canary-AbCdEf"  # noqa: S105 -- a name
SECRETS_KEY = "arn:aws:kms:eu-west-1:111111111111:key/secrets"
DATA_KEY = "arn:aws:kms:eu-west-1:111111111111:key/data"


@cache
def cloud() -> Cloud:
    args = CanaryArgs(
        stack_name="tmi-test",
        account="111111111111",
        region="eu-west-1",
        runtime="syn-python-selenium-14.0",
        site="https://tmi.example.com",
        client_id="tmi_cc_0000000000000000000000",
        client_secret_arn=SECRET,
        secrets_key_arn=SECRETS_KEY,
        threat_model="00000000-0000-0000-0000-000000000000",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-canary",
        data_key_arn=DATA_KEY,
        logs=LogSink(key_arn="arn:logs-key", retention_days=30),
    )
    return run(lambda: Canary("canary", args))


def test_the_script_is_the_file_at_the_place_that_synthetics_looks_for() -> None:
    script = cloud().one(aws.s3.BucketObjectv2).inputs
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(script["contentBase64"])))
    assert packed.namelist() == ["python/deep_check.py"]
    assert packed.read("python/deep_check.py").decode() == SCRIPT.read_text()
    canary = cloud().one(aws.synthetics.Canary).inputs
    assert (canary["s3Bucket"], canary["s3Key"]) == (script["bucket"], script["key"])
    assert canary["handler"] == "deep_check.handler"


def test_another_script_is_another_object(tmp_path: Path) -> None:
    assert archive(SCRIPT) == archive(SCRIPT)
    other = tmp_path / "deep_check.py"
    other.write_text(SCRIPT.read_text() + "# more\n")
    assert archive(other) != archive(SCRIPT)
    digest = Path(cloud().one(aws.s3.BucketObjectv2).inputs["key"]).stem
    assert len(digest) == 64


def test_it_runs_each_minute_from_inside_and_is_over_before_the_next() -> None:
    canary = cloud().one(aws.synthetics.Canary).inputs
    assert canary["name"] == "tmi-test-deep-check"
    assert canary["schedule"]["expression"] == "rate(1 minute)"
    assert canary["runConfig"]["timeoutInSeconds"] < 60
    assert canary["vpcConfig"] == {"securityGroupIds": ["sg-canary"], "subnetIds": ["subnet-a", "subnet-b"]}
    assert canary["startCanary"] is True


def test_the_script_finds_what_it_needs_and_no_secret_in_its_environment() -> None:
    environment = cloud().one(aws.synthetics.Canary).inputs["runConfig"]["environmentVariables"]
    read = {line.split('"')[1] for line in SCRIPT.read_text().splitlines() if "os.environ[" in line}
    assert set(environment) == read
    assert environment["CLIENT_SECRET_ARN"] == SECRET


def test_its_role_reads_one_secret_and_leaves_results() -> None:
    document = cloud().one(aws.iam.RolePolicy).inputs["policy"]
    assert findings(document) == []
    allowed = {action: each for each in json.loads(document)["Statement"] for action in each["Action"]}
    bucket = cloud().one(aws.synthetics.Canary).inputs["s3Bucket"]
    assert allowed["s3:PutObject"]["Resource"] == f"arn:aws:s3:::{bucket}/results/*"
    assert allowed["secretsmanager:GetSecretValue"]["Resource"] == SECRET
    assert allowed["cloudwatch:PutMetricData"]["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}
    }
    decrypting = [each for each in json.loads(document)["Statement"] if "kms:Decrypt" in each["Action"]]
    assert {each["Resource"]: each["Condition"]["StringEquals"]["kms:ViaService"] for each in decrypting} == {
        DATA_KEY: "s3.eu-west-1.amazonaws.com",
        SECRETS_KEY: "secretsmanager.eu-west-1.amazonaws.com",
    }
    interfaces = allowed["ec2:CreateNetworkInterface"]["Resource"]
    assert {arn.partition("111111111111:")[2] for arn in interfaces} == {
        "network-interface/*",
        "security-group/*",
        "subnet/*",
    }
    wide = {action for action, each in allowed.items() if each["Resource"] == "*"}
    assert wide == {"s3:ListAllMyBuckets", "cloudwatch:PutMetricData", "ec2:DescribeNetworkInterfaces"}


def test_its_log_is_encrypted_and_forgets_and_nobody_else_makes_it() -> None:
    group = cloud().one(aws.cloudwatch.LogGroup).inputs
    assert group["name"] == "/aws/lambda/cwsyn-tmi-test-deep-check-00000000-0000-0000-0000-000000000000"
    assert (group["kmsKeyId"], group["retentionInDays"]) == ("arn:logs-key", 30)
    document = cloud().one(aws.iam.RolePolicy).inputs["policy"]
    assert "logs:CreateLogGroup" not in document
    (logs,) = [each["Resource"] for each in json.loads(document)["Statement"] if "logs:PutLogEvents" in each["Action"]]
    assert group["name"].startswith(logs.split(":log-group:")[1].removesuffix("*"))


def test_a_function_without_a_version_has_the_same_log() -> None:
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:cwsyn-a-b"
    assert log_group_name(arn) == log_group_name(f"{arn}:7") == "/aws/lambda/cwsyn-a-b"


def test_results_are_encrypted_and_forgotten_and_scripts_stay() -> None:
    encryption = cloud().one(aws.s3.BucketServerSideEncryptionConfiguration).inputs["rules"][0]
    assert encryption["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == DATA_KEY
    rules = cloud().one(aws.s3.BucketLifecycleConfiguration).inputs["rules"]
    assert [rule["filter"]["prefix"] for rule in rules if "days" in rule.get("expiration", {})] == ["results/"]


def test_its_names_resolve_where_an_allow_list_filters_them() -> None:
    lists = [each.inputs["domains"] for each in recorded("prod").of(aws.route53.ResolverFirewallDomainList)]
    assert "tmi.example.com" in {domain for domains in lists for domain in domains}


def test_tmis_pods_do_not_get_its_secret() -> None:
    cloud = recorded("prod")
    (secret,) = [each for each in cloud.of(aws.secretsmanager.Secret) if "canary" in each.name]
    users = [each.name for each in cloud.resources if secret.name in each.dependencies and each.parent != secret.parent]
    assert sorted(users) == ["canary-canary", "canary-execution-policy"]


def test_without_one_nothing_of_it_is_made() -> None:
    assert [each.name for each in recorded("dev").resources if "canary" in each.name] == []
