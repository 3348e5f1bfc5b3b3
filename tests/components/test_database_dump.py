"""The dump's job: when it runs, what its pod may reach, and what it may do to the bucket."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.server.database_dump import DatabaseDump
from components.server.dump_pod import DUMP_LABELS
from components.settings import parse
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.manifests import manifest, validated
from tests.server import dump_arguments
from tests.stack_files import changed

OWNER = "value-of-owner"


def dump(owner: str = OWNER, **fields: object) -> Cloud:
    settings = parse(changed("dev", **fields))
    return run(lambda: DatabaseDump("database-dump", dump_arguments(settings, owner)))


def cron_job(cloud: Cloud) -> dict[str, Any]:
    return manifest(cloud.one(kubernetes.batch.v1.CronJob))["spec"]


def pod(cloud: Cloud) -> dict[str, Any]:
    return cron_job(cloud)["jobTemplate"]["spec"]["template"]["spec"]


def containers(cloud: Cloud) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in pod(cloud)["containers"]}


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container["env"]}


def test_its_objects_are_valid() -> None:
    assert sorted(validated(dump().resources)) == [
        "ApplicationNetworkPolicy",
        "ConfigMap",
        "CronJob",
        "NetworkPolicy",
        "SecretProviderClass",
        "ServiceAccount",
    ]


def test_it_runs_once_a_day_in_utc_and_never_twice_at_once() -> None:
    spec = cron_job(dump(backup__dumps={"time": "03:45", "retention_days": 7}))
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("45 3 * * *", "Etc/UTC", "Forbid")


def test_it_ends_and_is_cleared_away() -> None:
    spec = cron_job(dump())
    job = spec["jobTemplate"]["spec"]
    assert 0 < spec["startingDeadlineSeconds"] + job["activeDeadlineSeconds"] < 24 * 3600
    assert job["ttlSecondsAfterFinished"] == 259200
    assert job["backoffLimit"] == 2
    assert pod(dump())["restartPolicy"] == "Never"


def test_its_pod_meets_the_restricted_standard() -> None:
    spec = pod(dump())
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        }
        assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]


def test_its_images_are_exact_and_of_the_accounts_registry() -> None:
    prefix = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tmi-dev/public"
    assert {name: each["image"] for name, each in containers(dump()).items()} == {
        "dump": f"{prefix}/docker/library/postgres:17.11",
        "upload": f"{prefix}/aws-cli/aws-cli:2.36.44",
    }


def test_it_dumps_the_active_database_by_verified_tls() -> None:
    cloud = dump()
    variables = environment(containers(cloud)["dump"])
    assert variables["PGHOST"] == "tmi-dev-main.example.eu-west-1.rds.amazonaws.com"
    assert (variables["PGUSER"], variables["PGDATABASE"], variables["PGSSLMODE"]) == ("tmi", "tmi", "verify-full")
    directory, _, file = variables["PGSSLROOTCERT"].rpartition("/")
    mounts = {mount["mountPath"]: mount["name"] for mount in containers(cloud)["dump"]["volumeMounts"]}
    assert mounts[directory] == "files"
    assert manifest(cloud.one(kubernetes.core.v1.ConfigMap))["data"][file].count("BEGIN CERTIFICATE") == 3


def test_every_file_that_is_run_or_read_is_there() -> None:
    cloud = dump()
    config = manifest(cloud.one(kubernetes.core.v1.ConfigMap))
    assert config["immutable"] is True
    assert sorted(config["data"]) == ["aws.cfg", "dump.sh", "roots.pem", "upload.sh"]
    for name, container in containers(cloud).items():
        assert container["command"][1].rsplit("/", 1)[1] == f"{name}.sh"
    assert environment(containers(cloud)["upload"])["AWS_CONFIG_FILE"].endswith("/aws.cfg")


def test_the_password_is_in_one_container_and_the_database_out_of_reach_of_the_other() -> None:
    found = containers(dump())
    mounted = {name: {mount["name"] for mount in each["volumeMounts"]} for name, each in found.items()}
    assert mounted == {"dump": {"work", "files", "secrets"}, "upload": {"work", "files"}}
    assert not any(variable.startswith("PG") for variable in environment(found["upload"]))


def test_nothing_of_the_database_touches_a_disk_of_the_node() -> None:
    volumes = {volume["name"]: volume for volume in pod(dump())["volumes"]}
    assert volumes["work"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "1Mi"}
    assert {next(iter(volume.keys() - {"name"})) for volume in volumes.values()} == {"csi", "configMap", "emptyDir"}


def test_no_value_of_a_secret_is_in_any_object() -> None:
    whole = json.dumps([manifest(each) for each in dump().resources if each.type.startswith("kubernetes:")])
    assert "secretsmanager" in whole
    assert OWNER not in whole


def statements(cloud: Cloud) -> list[dict[str, Any]]:
    document = cloud.one(aws.iam.RolePolicy).inputs["policy"]
    assert findings(document) == []
    return json.loads(document)["Statement"]


def test_it_adds_dumps_and_can_neither_read_nor_delete_one() -> None:
    reading, secrets_key, adding, own, data_key = statements(dump())
    assert reading["Resource"] == ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:owner-AbCdEf"]
    assert secrets_key["Resource"] == ["arn:aws:kms:eu-west-1:111111111111:key/secrets"]
    assert set(adding["Action"]) == {"s3:PutObject", "s3:AbortMultipartUpload"}
    assert adding["Resource"] == ["arn:aws:s3:::dumps-0000000/incoming/*", "arn:aws:s3:::dumps-0000000/dumps/*"]
    assert (own["Action"], own["Resource"]) == ("s3:GetObject", "arn:aws:s3:::dumps-0000000/incoming/*")
    assert data_key["Resource"] == "arn:aws:kms:eu-west-1:111111111111:key/data"
    assert data_key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def test_it_takes_its_role_by_the_account_of_its_own_pods() -> None:
    cloud = dump()
    identity = cloud.one(aws.eks.PodIdentityAssociation)
    assert identity.inputs["serviceAccount"] == pod(cloud)["serviceAccountName"] == "tmi-database-dump"
    assert "database-dump-secrets-identity" in cloud.one(kubernetes.batch.v1.CronJob).dependencies


def test_its_pods_reach_the_database_the_agent_and_two_names_and_nothing_else() -> None:
    cloud = dump()
    network = manifest(cloud.one(kubernetes.networking.v1.NetworkPolicy))["spec"]
    reached = [
        (peer["ipBlock"]["cidr"], port["port"])
        for rule in network["egress"]
        for peer in rule["to"]
        for port in rule["ports"]
    ]
    assert reached == [("10.64.96.0/24", 5432), ("10.64.97.0/24", 5432), ("169.254.170.23/32", 80)]
    assert "ingress" not in network
    (names,) = [manifest(each)["spec"] for each in cloud.resources if each.name == "database-dump-destinations"]
    dns, database, bucket = names["egress"]
    assert dns["to"] == [{"ipBlock": {"cidr": "172.20.0.10/32"}}]
    assert database["to"] == [{"domainNames": ["tmi-dev-main.example.eu-west-1.rds.amazonaws.com"]}]
    assert database["ports"] == [{"port": 5432, "protocol": "TCP"}]
    assert bucket["to"] == [{"domainNames": ["dumps-0000000.s3.eu-west-1.amazonaws.com"]}]
    assert bucket["ports"] == [{"port": 443, "protocol": "TCP"}]
    for policy in (network, names):
        assert policy["podSelector"] == {"matchLabels": dict(DUMP_LABELS)}
    template = cron_job(cloud)["jobTemplate"]["spec"]["template"]
    assert template["metadata"]["labels"] == dict(DUMP_LABELS)


def test_it_is_isolated_before_it_runs() -> None:
    needed = dump().one(kubernetes.batch.v1.CronJob).dependencies
    assert {"database-dump-network", "database-dump-destinations"} <= needed


def test_a_rotated_password_is_another_mount() -> None:
    before, after = ({v["name"]: v for v in pod(dump(owner))["volumes"]} for owner in (OWNER, "another"))
    assert before["secrets"] != after["secrets"]
    assert before["files"] == after["files"]
