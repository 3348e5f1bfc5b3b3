"""The front door: TLS on both sides, logs on, and nothing answered that should not be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
import pytest

from components.certificate import option_of
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.settings.sections import LoadBalancerSettings
from components.settings.vocabulary import Scheme, TlsPolicy
from tests.cloud import Cloud, run
from tests.iam import findings

DOMAINS = ("tmi.example.com", "threat-models.example.com")


def record(_: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"fqdn": inputs["name"]}


def bucket(name: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"arn": f"arn:aws:s3:::{name}", "bucket": name}


def settings(scheme: Scheme = Scheme.INTERNET_FACING) -> LoadBalancerSettings:
    return LoadBalancerSettings(
        scheme=scheme,
        domain=DOMAINS[0],
        alternative_names=DOMAINS[1:],
        zone_id="Z00000000EXAMPLE",
        tls_policy=TlsPolicy.TLS_1_2_RESTRICTED_POST_QUANTUM,
        idle_timeout_seconds=120,
        log_retention_days=365,
    )


def balancer(
    *, scheme: Scheme = Scheme.INTERNET_FACING, deletion_protection: bool = True, preview: bool = False
) -> Cloud:
    args = LoadBalancerArgs(
        stack_name="tmi-dev",
        account="111111111111",
        settings=settings(scheme),
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-alb",
        cluster_name="tmi-dev",
        deletion_protection=deletion_protection,
    )
    return run(
        lambda: LoadBalancer("load-balancer", args),
        computed={"aws:route53/record:Record": record, "aws:s3/bucket:Bucket": bucket},
        preview=preview,
    )


def test_the_balancer_is_strict_with_requests() -> None:
    alb = balancer().one(aws.lb.LoadBalancer).inputs
    assert alb["dropInvalidHeaderFields"] is True
    assert alb["desyncMitigationMode"] == "defensive"
    assert alb["xffHeaderProcessingMode"] == "append"
    assert alb["idleTimeout"] == 120
    assert (alb["subnets"], alb["securityGroups"]) == (["subnet-a", "subnet-b"], ["sg-alb"])


@pytest.mark.parametrize(("scheme", "internal"), [(Scheme.INTERNET_FACING, False), (Scheme.INTERNAL, True)])
def test_the_scheme_is_the_settings(scheme: Scheme, internal: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert balancer(scheme=scheme).one(aws.lb.LoadBalancer).inputs["internal"] is internal


@pytest.mark.parametrize("protected", [True, False])
def test_deletion_is_refused_where_the_stack_asks_for_it(protected: bool) -> None:  # noqa: FBT001 -- a column
    cloud = balancer(deletion_protection=protected)
    alb = cloud.one(aws.lb.LoadBalancer)
    assert (alb.inputs["enableDeletionProtection"], alb.protect) == (protected, protected)
    assert cloud.one(aws.s3.Bucket).protect is protected


def test_both_logs_go_to_a_bucket_that_is_ready_for_them() -> None:
    cloud = balancer()
    alb = cloud.one(aws.lb.LoadBalancer)
    name = cloud.one(aws.s3.Bucket).inputs["bucket"]
    assert alb.inputs["accessLogs"] == {"bucket": name, "enabled": True, "prefix": "access"}
    assert alb.inputs["connectionLogs"] == {"bucket": name, "enabled": True, "prefix": "connection"}
    assert cloud.one(aws.s3.BucketPolicy).name in alb.dependencies


def test_https_has_the_policy_of_the_settings_and_a_validated_certificate() -> None:
    cloud = balancer()
    https = cloud.one(aws.lb.Listener, "load-balancer-https")
    assert (https.inputs["port"], https.inputs["protocol"]) == (443, "HTTPS")
    assert https.inputs["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert cloud.one(aws.acm.CertificateValidation).name in https.dependencies
    (action,) = https.inputs["defaultActions"]
    assert (action["type"], action["targetGroupArn"]) == ("forward", cloud.one(aws.lb.TargetGroup).inputs["arn"])


def test_answers_carry_the_headers_of_a_strict_site() -> None:
    https = balancer().one(aws.lb.Listener, "load-balancer-https").inputs
    assert https["routingHttpResponseStrictTransportSecurityHeaderValue"] == "max-age=31536000; includeSubDomains"
    assert https["routingHttpResponseServerEnabled"] is False
    assert https["routingHttpResponseXContentTypeOptionsHeaderValue"] == "nosniff"
    assert https["routingHttpResponseXFrameOptionsHeaderValue"] == "DENY"


def test_port_80_redirects_and_does_nothing_else() -> None:
    cloud = balancer()
    http = cloud.one(aws.lb.Listener, "load-balancer-http").inputs
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    assert http["defaultActions"] == [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
    ]
    assert cloud.one(aws.lb.ListenerRule).inputs["listenerArn"] != http["arn"]


def test_refused_paths_come_first() -> None:
    rule = balancer().one(aws.lb.ListenerRule).inputs
    (condition,) = rule["conditions"]
    (action,) = rule["actions"]
    assert rule["priority"] == 1
    assert condition == {"pathPattern": {"values": ["/api/server-info", "/dev/*", "/ws/notifications"]}}
    assert action["fixedResponse"]["statusCode"] == "404"
    assert json.loads(action["fixedResponse"]["messageBody"]) == {"error": "not_found"}


def test_pods_are_reached_and_asked_over_tls() -> None:
    group = balancer().one(aws.lb.TargetGroup).inputs
    assert (group["targetType"], group["port"], group["protocol"]) == ("ip", 8443, "HTTPS")
    assert group["deregistrationDelay"] == 60
    health = group["healthCheck"]
    assert (health["protocol"], health["path"], health["port"]) == ("HTTPS", "/robots.txt", "traffic-port")
    assert health["matcher"] == "200"
    assert group["tags"] == {"eks:eks-cluster-name": "tmi-dev"}


def test_every_name_is_on_the_certificate_and_points_to_the_balancer() -> None:
    cloud = balancer()
    certificate = cloud.one(aws.acm.Certificate).inputs
    assert (certificate["domainName"], certificate["subjectAlternativeNames"]) == (DOMAINS[0], [DOMAINS[1]])
    assert certificate["validationMethod"] == "DNS"
    alb = cloud.one(aws.lb.LoadBalancer).inputs
    for domain in DOMAINS:
        alias = cloud.one(aws.route53.Record, f"load-balancer-{domain}").inputs
        assert (alias["name"], alias["type"], alias["zoneId"]) == (domain, "A", "Z00000000EXAMPLE")
        assert alias["aliases"] == [
            {"name": alb["dnsName"], "zoneId": alb["zoneId"], "evaluateTargetHealth": True},
        ]


def test_every_name_is_proved_by_its_own_record() -> None:
    cloud = balancer()
    for domain in DOMAINS:
        proof = cloud.one(aws.route53.Record, f"load-balancer-certificate-{domain}").inputs
        assert (proof["name"], proof["type"]) == (f"_validation.{domain}.", "CNAME")
        assert proof["records"] == ["_example.acm-validations.aws."]
    validation = cloud.one(aws.acm.CertificateValidation).inputs
    assert validation["validationRecordFqdns"] == [f"_validation.{domain}." for domain in DOMAINS]


def test_the_same_records_are_declared_before_acm_has_named_them() -> None:
    def names(cloud: Cloud) -> list[str]:
        return sorted(declared.name for declared in cloud.of(aws.route53.Record))

    assert names(balancer(preview=True)) == names(balancer())


def test_a_domain_without_a_proof_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"^ACM offered no validation record for tmi\.example\.com$"):
        option_of("tmi.example.com", [])


def test_the_log_bucket_is_complete() -> None:
    cloud = balancer()
    name = cloud.one(aws.s3.Bucket).inputs["bucket"]
    access = cloud.one(aws.s3.BucketPublicAccessBlock).inputs
    assert {
        access[key] for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    } == {True}
    assert cloud.one(aws.s3.BucketOwnershipControls).inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    assert cloud.one(aws.s3.BucketVersioning).inputs["versioningConfiguration"] == {"status": "Enabled"}
    (encryption,) = cloud.one(aws.s3.BucketServerSideEncryptionConfiguration).inputs["rules"]
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    satellites = [resource for resource in cloud.resources if resource.type.startswith("aws:s3/bucket")]
    assert {satellite.inputs["bucket"] for satellite in satellites} == {name}
    assert len(satellites) == 7


def test_logs_expire_with_their_old_versions() -> None:
    expire, markers = balancer().one(aws.s3.BucketLifecycleConfiguration).inputs["rules"]
    assert expire["expiration"] == {"days": 365}
    assert expire["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert expire["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 1}
    assert markers["expiration"] == {"expiredObjectDeleteMarker": True}
    assert {rule["status"] for rule in (expire, markers)} == {"Enabled"}


def test_log_delivery_alone_writes_and_only_over_tls() -> None:
    policy = balancer().one(aws.s3.BucketPolicy).inputs["policy"]
    delivery, plain = json.loads(policy)["Statement"]
    assert delivery["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert delivery["Action"] == "s3:PutObject"
    assert delivery["Resource"] == [
        "arn:aws:s3:::load-balancer-logs-bucket/access/AWSLogs/111111111111/*",
        "arn:aws:s3:::load-balancer-logs-bucket/connection/AWSLogs/111111111111/*",
    ]
    assert "Condition" not in delivery
    assert (plain["Effect"], plain["Principal"]) == ("Deny", "*")
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert plain["Resource"] == [
        "arn:aws:s3:::load-balancer-logs-bucket",
        "arn:aws:s3:::load-balancer-logs-bucket/*",
    ]
    assert findings(policy) == []
