"""Front door: certificates, forwards and what balancers record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.graph import Resource
from policy.rules.edge.front_door import (
    BALANCERS_HARDENED,
    BALANCERS_RECORDED,
    CERTIFICATES_PROVED,
    LISTENERS_FORWARD_BY_TLS,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations

BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "alb")
RECORD = "aws:route53/record:Record"
PROOF = resource(RECORD, "proof")
NAMES: dict[str, Plain] = {"domainName": "tmi.example.com", "validationMethod": "DNS"}
FQDNS: dict[str, Plain] = {"validationRecordFqdns": [UNKNOWN]}


def door(certificate: dict[str, Plain], alias: Plain, fqdns: dict[str, Plain] = FQDNS) -> tuple[Resource, ...]:
    """A balancer that an alias leads to, with one HTTPS listener and its certificate."""
    made = resource("aws:acm/certificate:Certificate", "certificate", NAMES | certificate)
    token = "aws:acm/certificateValidation:CertificateValidation"  # noqa: S105 -- a type token
    validation = resource(token, "validation", fqdns, certificateArn=made, validationRecordFqdns=PROOF)
    known: dict[str, Plain] = {"protocol": "HTTPS", "certificateArn": UNKNOWN}
    listener = resource("aws:lb/listener:Listener", "https", known, loadBalancerArn=BALANCER, certificateArn=validation)
    record = resource(RECORD, "alias", {"name": alias}, aliases=BALANCER)
    return (BALANCER, listener, validation, made, record, PROOF)


@pytest.mark.parametrize(
    ("certificate", "alias", "covered"),
    [
        ({}, "tmi.example.com", True),
        ({}, "TMI.example.com.", True),
        ({"subjectAlternativeNames": ["other.example.com"]}, "other.example.com", True),
        ({"domainName": "*.example.com"}, "tmi.example.com", True),
        ({}, "other.example.com", False),
        ({"domainName": "*.example.com"}, "example.com", False),
        ({"domainName": "*.example.com"}, "a.tmi.example.com", False),
        ({}, "xtmi.example.com", False),
        ({}, None, False),
    ],
)
def test_each_alias_is_on_a_certificate(certificate: dict[str, Plain], alias: Plain, *, covered: bool) -> None:
    fqdns: dict[str, Plain] = {"validationRecordFqdns": [UNKNOWN, UNKNOWN]}
    found = violations(CERTIFICATES_PROVED, *door(certificate, alias, fqdns))
    assert found == ([] if covered else [("alias", "no certificate of alb's listeners covers its name")])


def test_a_name_that_is_unknown_is_undecided() -> None:
    for resources in (door({}, UNKNOWN), door({"domainName": UNKNOWN}, "tmi.example.com")):
        assert violations(CERTIFICATES_PROVED, *resources) == []
        assert undecided(CERTIFICATES_PROVED, *resources) == ["alias"]


RECORDS = "validationRecordFqdns must come from records of this stack, one a name"


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        ({"validationMethod": "EMAIL"}, [("certificate", "validationMethod is another text; it must be DNS")]),
        ({"validationMethod": None}, [("certificate", "validationMethod is absent; it must be DNS")]),
        ({"keyAlgorithm": "EC_prime256v1"}, []),
        (
            {"keyAlgorithm": "RSA_1024"},
            [("certificate", "keyAlgorithm must be RSA of 2048 bits or more, or elliptic")],
        ),
        ({"subjectAlternativeNames": ["*.tmi.example.com"]}, []),
        ({"subjectAlternativeNames": ["other.example.com"]}, [("validation", RECORDS)]),
    ],
)
def test_a_certificate_is_proved(certificate: dict[str, Plain], expected: list[tuple[str, str]]) -> None:
    assert violations(CERTIFICATES_PROVED, *door(certificate, "tmi.example.com")) == expected


def test_a_certificate_without_validation_or_records_is_never_issued() -> None:
    balancer, listener, validation, made, record, proof = door({}, "tmi.example.com")
    found = violations(CERTIFICATES_PROVED, balancer, listener, made, record, proof)
    assert found[0] == ("certificate", "no CertificateValidation waits until it is issued")
    bare = replace(validation, dependencies={"certificateArn": (made.urn,)})
    found = violations(CERTIFICATES_PROVED, balancer, listener, bare, made, record, proof)
    assert found == [("validation", RECORDS)]


def test_records_of_another_region_prove_a_certificate_that_names_them() -> None:
    balancer, listener, _, made, record, proof = door({}, "tmi.example.com")
    token = "aws:acm/certificateValidation:CertificateValidation"  # noqa: S105 -- a type token
    by_itself = resource(token, "validation", FQDNS, certificateArn=made, validationRecordFqdns=made)
    assert violations(CERTIFICATES_PROVED, balancer, listener, by_itself, made, record, proof) == []


def test_a_certificate_of_another_stack_is_named_by_its_arn() -> None:
    arn = "arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
    record = resource(RECORD, "alias", {"name": "tmi.example.com"}, aliases=BALANCER)
    for given, sound in ((arn, True), ("arn:aws:iam::111111111111:server-certificate/old", False)):
        known: dict[str, Plain] = {"protocol": "HTTPS", "certificateArn": given}
        listener = resource("aws:lb/listener:Listener", "https", known, loadBalancerArn=BALANCER)
        found = [name for name, _ in violations(CERTIFICATES_PROVED, BALANCER, listener, record)]
        assert found == ([] if sound else ["https", "alias"])


def test_a_listener_waits_for_its_certificate() -> None:
    balancer, listener, *others = door({}, "tmi.example.com")
    impatient = replace(listener, dependencies={**listener.dependencies, "certificateArn": (others[1].urn,)})
    assert violations(CERTIFICATES_PROVED, balancer, impatient, *others) == [
        ("https", "certificateArn must come from the validation of a certificate of this stack"),
        ("alias", "no certificate of alb's listeners covers its name"),
    ]


def test_certificates_for_further_names_count() -> None:
    *rest, record, proof = door({}, "other.example.com")
    second = resource("aws:acm/certificate:Certificate", "second", NAMES | {"domainName": "other.example.com"})
    validation = replace(rest[2], urn="second", dependencies={**rest[2].dependencies, "certificateArn": (second.urn,)})
    token = "aws:lb/listenerCertificate:ListenerCertificate"  # noqa: S105 -- a type token
    added = resource(token, "added", listenerArn=rest[1], certificateArn=validation)
    assert violations(CERTIFICATES_PROVED, *rest, record, proof, second, validation, added) == []


def test_a_balancer_without_tls_is_reported() -> None:
    plain = resource("aws:lb/listener:Listener", "http", {"protocol": "HTTP"}, loadBalancerArn=BALANCER)
    assert violations(CERTIFICATES_PROVED, BALANCER, plain) == [("alb", "it has no listener that speaks TLS")]


TARGETS = resource("aws:lb/targetGroup:TargetGroup", "pods", {"protocol": "HTTPS"})
PLAIN = resource("aws:lb/targetGroup:TargetGroup", "plain", {"protocol": "HTTP"})
FORWARD: Plain = [{"type": "forward", "targetGroupArn": UNKNOWN}]


@pytest.mark.parametrize(
    ("token", "name"),
    [("aws:lb/listener:Listener", "defaultActions"), ("aws:alb/listenerRule:ListenerRule", "actions")],
)
def test_forwards_and_redirects(token: str, name: str) -> None:
    def judged(actions: Plain, *targets: Resource) -> list[tuple[str, str]]:
        holder = made_from(resource(token, "it", {name: actions}), name, *targets)
        return violations(LISTENERS_FORWARD_BY_TLS, holder, TARGETS, PLAIN)

    def redirect(protocol: Plain) -> Plain:
        return [{"type": "redirect", "redirect": {"protocol": protocol, "statusCode": "HTTP_301"}}]

    assert judged(FORWARD, TARGETS) == []
    assert judged([{"type": "fixed-response"}]) == []
    assert judged(redirect("HTTPS")) == judged(redirect("#{protocol}")) == judged(redirect(None)) == []
    assert judged(FORWARD) == [("it", f"{name} forwards to no target group of this stack")]
    assert judged(FORWARD, TARGETS, PLAIN) == [("it", f"{name} forwards to plain, which is not spoken to by HTTPS")]
    assert judged(redirect("HTTP")) == [("it", f"{name} redirects by HTTP; it must be HTTPS")]
    assert len(judged(redirect(UNKNOWN))) == 1


BUCKET = resource("aws:s3/bucket:Bucket", "logs")
ON: Plain = {"bucket": UNKNOWN, "enabled": True}
HARDENED: dict[str, Plain] = {"dropInvalidHeaderFields": True, "accessLogs": ON, "connectionLogs": ON}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"loadBalancerType": "application", "desyncMitigationMode": "strictest"}, []),
        (
            {"desyncMitigationMode": "monitor"},
            ["desyncMitigationMode is another text; it must be defensive or strictest"],
        ),
        ({"dropInvalidHeaderFields": None}, ["dropInvalidHeaderFields is absent; it must be true"]),
        ({"dropInvalidHeaderFields": False}, ["dropInvalidHeaderFields is false; it must be true"]),
        ({"xffHeaderProcessingMode": "append"}, []),
        ({"xffHeaderProcessingMode": "preserve"}, ["xffHeaderProcessingMode is another text; it must be append"]),
        ({"accessLogs": {"bucket": UNKNOWN}}, ["accessLogs.enabled is absent; it must be true"]),
        ({"connectionLogs": None}, ["connectionLogs.enabled is absent; it must be true"]),
        ({"connectionLogs": UNKNOWN}, ["connectionLogs.enabled is unknown until it is deployed; it must be true"]),
        ({"loadBalancerType": "network", "dropInvalidHeaderFields": None, "accessLogs": None}, []),
    ],
)
def test_balancers_are_hardened(change: dict[str, Plain], expected: list[str]) -> None:
    balancer = resource(BALANCER.type, "alb", HARDENED | change, accessLogs=BUCKET, connectionLogs=BUCKET)
    found = [*violations(BALANCERS_HARDENED, balancer, BUCKET), *violations(BALANCERS_RECORDED, balancer, BUCKET)]
    assert found == [("alb", message) for message in expected]


def test_logs_go_to_a_bucket_of_the_stack() -> None:
    balancer = resource(BALANCER.type, "alb", HARDENED, accessLogs=BUCKET)
    assert violations(BALANCERS_RECORDED, balancer, BUCKET) == [
        ("alb", "connectionLogs.bucket must be a bucket of this stack")
    ]
