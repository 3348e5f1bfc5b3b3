"""The front door: TLS on both sides, logs on, and nothing answered that should not be."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components import timeouts
from components.certificate import option_of
from components.load_balancer import LoadBalancer, PoolTargets
from components.settings.choices import TlsPolicy
from tests.cloud import run
from tests.front_door import DOMAINS, INTERNET_FACING, arguments, balancer, internal
from tests.iam import findings

INTERNAL = internal({"kind": "created"})


def test_the_balancer_is_strict_with_requests() -> None:
    alb = balancer().one(aws.lb.LoadBalancer).inputs
    assert alb["dropInvalidHeaderFields"] is True
    assert alb["desyncMitigationMode"] == "defensive"
    assert alb["xffHeaderProcessingMode"] == "append"
    assert alb["enableXffClientPort"] is False
    assert alb["enableWafFailOpen"] is False
    assert alb["preserveHostHeader"] is True
    assert (alb["idleTimeout"], alb["clientKeepAlive"]) == (120, 3600)
    assert (alb["subnets"], alb["securityGroups"]) == (["subnet-a", "subnet-b"], ["sg-alb"])


@pytest.mark.parametrize(("scheme", "is_internal"), [(INTERNET_FACING, False), (INTERNAL, True)])
def test_the_scheme_is_the_settings(scheme: dict[str, object], is_internal: bool) -> None:  # noqa: FBT001 -- a column
    alb = balancer(scheme=scheme).one(aws.lb.LoadBalancer).inputs
    assert (alb["internal"], alb["ipAddressType"]) == (is_internal, "ipv4")


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
    assert https.inputs["certificateArn"] == cloud.one(aws.acm.CertificateValidation).inputs["certificateArn"]


@pytest.mark.parametrize("policy", TlsPolicy)
def test_the_tls_policy_is_the_settings(policy: TlsPolicy) -> None:
    https = balancer(tls_policy=policy).one(aws.lb.Listener, "load-balancer-https").inputs
    assert https["sslPolicy"] == policy.value


def test_what_no_rule_takes_goes_to_the_hub() -> None:
    cloud = balancer()
    (action,) = cloud.one(aws.lb.Listener, "load-balancer-https").inputs["defaultActions"]
    group = cloud.one(aws.lb.TargetGroup, "load-balancer-hub").inputs
    assert (action["type"], action["targetGroupArn"]) == ("forward", group["arn"])


def test_a_pool_is_looked_after_before_anything_is_sent_there() -> None:
    cloud = balancer(pool=True)
    (action,) = cloud.one(aws.lb.Listener, "load-balancer-https").inputs["defaultActions"]
    arns = {group.inputs["arn"]: group.name for group in cloud.of(aws.lb.TargetGroup)}
    shares = {arns[share["arn"]]: share["weight"] for share in action["forward"]["targetGroups"]}
    assert shares == {"load-balancer-hub": 1, "load-balancer-pool": 0}


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
    assert http["arn"] not in {rule.inputs["listenerArn"] for rule in cloud.of(aws.lb.ListenerRule)}
    assert http["routingHttpResponseServerEnabled"] is False


def groups(*, pool: bool) -> dict[str, dict[str, Any]]:
    cloud = balancer(pool=pool)
    return {group.name.removeprefix("load-balancer-"): dict(group.inputs) for group in cloud.of(aws.lb.TargetGroup)}


def test_pods_are_reached_and_asked_over_tls() -> None:
    for group in groups(pool=True).values():
        assert (group["targetType"], group["port"], group["protocol"]) == ("ip", 8443, "HTTPS")
        assert group["protocolVersion"] == "HTTP1"
        health = group["healthCheck"]
        assert health["enabled"] is True
        assert (health["protocol"], health["path"], health["port"]) == ("HTTPS", "/robots.txt", "traffic-port")
        assert health["matcher"] == "200"
        assert group["tags"] == {"eks:eks-cluster-name": "tmi-dev"}


def test_a_leaving_pod_keeps_its_connections_as_long_as_it_lives() -> None:
    assert {group["deregistrationDelay"] for group in groups(pool=True).values()} == {timeouts.GRACE}


def test_requests_are_spread_by_how_busy_a_pod_is() -> None:
    found = groups(pool=True)
    algorithms = {role: group["loadBalancingAlgorithmType"] for role, group in found.items()}
    assert algorithms == {"hub": "round_robin", "pool": "least_outstanding_requests"}
    assert {group["slowStart"] for group in found.values()} == {0}
    assert [group["stickiness"] for group in found.values()] == [{"type": "lb_cookie", "enabled": False}] * 2


def test_a_pool_has_a_group_only_where_there_is_one() -> None:
    assert list(groups(pool=False)) == ["hub"]
    assert list(groups(pool=True)) == ["hub", "pool"]


@pytest.mark.parametrize("pool", [False, True])
def test_the_pools_group_is_said_only_where_there_is_one(pool: bool) -> None:  # noqa: FBT001 -- a column
    seen: list[PoolTargets | None] = []

    def program() -> None:
        seen.append(LoadBalancer("load-balancer", arguments(pool=pool)).pool_targets)

    run(program)
    assert [targets is not None for targets in seen] == [pool]


def test_every_name_is_on_the_certificate() -> None:
    certificate = balancer().one(aws.acm.Certificate).inputs
    assert (certificate["domainName"], certificate["subjectAlternativeNames"]) == (DOMAINS[0], [DOMAINS[1]])
    assert certificate["validationMethod"] == "DNS"


def test_every_name_is_proved_by_its_own_record() -> None:
    cloud = balancer()
    for domain in DOMAINS:
        proof = cloud.one(aws.route53.Record, f"load-balancer-certificate-{domain}").inputs
        assert (proof["name"], proof["type"]) == (f"_validation.{domain}.", "CNAME")
        assert proof["records"] == ["_example.acm-validations.aws."]
    validation = cloud.one(aws.acm.CertificateValidation).inputs
    assert validation["validationRecordFqdns"] == [f"_validation.{domain}." for domain in DOMAINS]


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
    assert expire["transitions"] == [{"days": 90, "storageClass": "GLACIER_IR"}]
    assert markers["expiration"] == {"expiredObjectDeleteMarker": True}
    assert {rule["status"] for rule in (expire, markers)} == {"Enabled"}


def test_logs_stay_where_they_are_in_a_stack_without_archive() -> None:
    expire, _ = balancer(cold_after_days=None).one(aws.s3.BucketLifecycleConfiguration).inputs["rules"]
    assert "transitions" not in expire


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


def test_a_certificate_that_is_there_is_used_and_none_is_asked_for() -> None:
    arn = "arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
    cloud = balancer(certificate={"kind": "existing", "arn": arn})
    assert cloud.one(aws.lb.Listener, "load-balancer-https").inputs["certificateArn"] == arn
    assert not [resource for resource in cloud.resources if resource.type.startswith("aws:acm/")]
    assert {record.inputs["type"] for record in cloud.of(aws.route53.Record)} == {"A", "CAA"}
