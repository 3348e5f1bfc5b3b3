"""The edge of the small program: a certificate, a load balancer with its logs, a web firewall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from tests.policy.program.logs import log
from tests.policy.program.network import Network

DOMAIN: Final = "tmi.example.com"
ZONE: Final = "Z00000000EXAMPLE"
MANAGED: Final = ("AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet", "SQLiRuleSet")


@dataclass(frozen=True, slots=True)
class Door:
    """What stands at the front."""

    balancer: aws.lb.LoadBalancer
    targets: aws.lb.TargetGroup
    certificate_arn: pulumi.Output[str]


def edge(network: Network, key: aws.kms.Key, opts: pulumi.ResourceOptions) -> Door:
    logs = bucket("alb-logs", {"sse_algorithm": "AES256"}, opts)
    alb = aws.lb.LoadBalancer(
        "alb",
        subnets=network.subnets["edge"],
        security_groups=[network.groups["alb"]],
        drop_invalid_header_fields=True,
        enable_deletion_protection=True,
        access_logs={"bucket": logs, "enabled": True},
        connection_logs={"bucket": logs, "enabled": True},
        opts=opts,
    )
    certificate_arn = _certificate(opts)
    targets = _listeners(network, alb, certificate_arn, opts)
    alias: Any = {"name": alb.dns_name, "zone_id": alb.zone_id, "evaluate_target_health": True}
    aws.route53.Record("alias", zone_id=ZONE, name=DOMAIN, type="A", aliases=[alias], opts=opts)
    caa = ['0 issue "amazon.com"', '0 issuewild ";"']
    aws.route53.Record("caa", zone_id=ZONE, name=DOMAIN, type="CAA", records=caa, ttl=300, opts=opts)
    aws.route53.HealthCheck(
        "door",
        type="HTTPS",
        fqdn=DOMAIN,
        port=443,
        failure_threshold=3,
        request_interval=30,
        enable_sni=True,
        opts=opts,
    )
    _web_firewall(alb, key, opts)
    return Door(alb, targets, certificate_arn)


def bucket(name: str, encryption: dict[str, Any], opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A bucket and all of its satellites; returns its name."""
    made = aws.s3.Bucket(name, opts=opts)
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=made.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    owned: Any = {"object_ownership": "BucketOwnerEnforced"}
    aws.s3.BucketOwnershipControls(name, bucket=made.bucket, rule=owned, opts=opts)
    rules: Any = [{"apply_server_side_encryption_by_default": encryption}]
    aws.s3.BucketServerSideEncryptionConfiguration(name, bucket=made.bucket, rules=rules, opts=opts)
    aws.s3.BucketVersioning(name, bucket=made.bucket, versioning_configuration={"status": "Enabled"}, opts=opts)
    expire: Any = [
        {
            "id": "expire",
            "status": "Enabled",
            "expiration": {"days": 365},
            "noncurrent_version_expiration": {"noncurrent_days": 1},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
        }
    ]
    aws.s3.BucketLifecycleConfiguration(name, bucket=made.bucket, rules=expire, opts=opts)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [made.arn, pulumi.Output.concat(made.arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.BucketPolicy(name, bucket=made.bucket, policy=document, opts=opts)
    return made.bucket


def _certificate(opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    certificate = aws.acm.Certificate("alb", domain_name=DOMAIN, validation_method="DNS", opts=opts)
    proof = certificate.domain_validation_options.apply(lambda options: options[0])
    record = aws.route53.Record(
        "proof",
        zone_id=ZONE,
        name=proof.apply(lambda known: known.resource_record_name or ""),
        type="CNAME",
        records=[proof.apply(lambda known: known.resource_record_value or "")],
        ttl=300,
        opts=opts,
    )
    return aws.acm.CertificateValidation(
        "alb", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn], opts=opts
    ).certificate_arn


def _listeners(
    network: Network, alb: aws.lb.LoadBalancer, certificate_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> aws.lb.TargetGroup:
    targets = aws.lb.TargetGroup(
        "pods",
        vpc_id=network.vpc.id,
        target_type="ip",
        port=8443,
        protocol="HTTPS",
        health_check={"protocol": "HTTPS", "path": "/robots.txt"},
        opts=opts,
    )
    https = aws.lb.Listener(
        "https",
        load_balancer_arn=alb.arn,
        port=443,
        protocol="HTTPS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        certificate_arn=certificate_arn,
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
        routing_http_response_strict_transport_security_header_value="max-age=31536000; includeSubDomains",
        routing_http_response_server_enabled=False,
        routing_http_response_x_content_type_options_header_value="nosniff",
        routing_http_response_x_frame_options_header_value="DENY",
        opts=opts,
    )
    aws.lb.ListenerRule(
        "refused",
        listener_arn=https.arn,
        priority=1,
        actions=[{"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "404"}}],
        conditions=[{"path_pattern": {"values": ["/debug/*"]}}],
        opts=opts,
    )
    aws.lb.Listener(
        "http",
        load_balancer_arn=alb.arn,
        port=80,
        protocol="HTTP",
        default_actions=[
            {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
        ],
        opts=opts,
    )
    return targets


def _web_firewall(alb: aws.lb.LoadBalancer, key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    watched = {"metric_name": "tmi", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": False}
    rate = {"rate_based_statement": {"limit": 2000, "aggregate_key_type": "IP"}}
    rules: Any = [
        {"name": "rate", "priority": 0, "statement": rate, "action": {"block": {}}, "visibility_config": watched}
    ]
    for priority, name in enumerate(MANAGED, 1):
        group = {"managed_rule_group_statement": {"vendor_name": "AWS", "name": f"AWSManagedRules{name}"}}
        common = {"name": name, "priority": priority, "visibility_config": watched}
        rules.append({**common, "statement": group, "override_action": {"none": {}}})
    settings: Any = {"scope": "REGIONAL", "default_action": {"allow": {}}, "visibility_config": watched}
    acl = aws.wafv2.WebAcl("front", rules=rules, opts=opts, **settings)
    aws.wafv2.WebAclAssociation("front", resource_arn=alb.arn, web_acl_arn=acl.arn, opts=opts)
    recorded = log("front", key, opts, "aws-waf-logs-tmi")
    redacted: Any = [{"single_header": {"name": name}} for name in ("authorization", "cookie")]
    aws.wafv2.WebAclLoggingConfiguration(
        "front", resource_arn=acl.arn, log_destination_configs=[recorded.arn], redacted_fields=redacted, opts=opts
    )
