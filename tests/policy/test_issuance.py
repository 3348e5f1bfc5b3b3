"""Issuance: which CAA records let Amazon renew which certificates."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.edge.issuance import CERTIFICATES_RENEWABLE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations


def certificate(*names: Plain, **more: Plain) -> Resource:
    first, *others = names
    given: dict[str, Plain] = {"domainName": first, "subjectAlternativeNames": list(others), "validationMethod": "DNS"}
    return resource("aws:acm/certificate:Certificate", "certificate", {**given, **more})


def caa(*records: Plain, name: Plain = "tmi.example.com", record: str = "caa") -> Resource:
    return resource("aws:route53/record:Record", record, {"type": "CAA", "name": name, "records": list(records)})


AMAZON = '0 issue "amazon.com"'
OTHER = '0 issue "ca.example.org"'
NO_WILDCARD = '0 issuewild ";"'
KEPT_OUT = [("caa", "it keeps Amazon from renewing certificate")]


@pytest.mark.parametrize(
    ("name", "records", "passes"),
    [
        ("tmi.example.com", [AMAZON], True),
        ("tmi.example.com", [AMAZON, NO_WILDCARD], True),
        ("TMI.example.com", ['128 ISSUE "AmazonAWS.com"'], True),
        ("tmi.example.com", ["0 issue amazontrust.com"], True),
        ("tmi.example.com", ['0 issue "amazon.com; validationmethods=dns-01"'], True),
        ("tmi.example.com", [OTHER, AMAZON], True),
        ("tmi.example.com", [OTHER], False),
        ("tmi.example.com", ['0 issue ";"'], False),
        ("tmi.example.com", ['0 issue "notamazon.com"'], False),
        ("below.tmi.example.com", [OTHER], False),
        ("*.tmi.example.com", [AMAZON], True),
        ("*.tmi.example.com", [AMAZON, NO_WILDCARD], False),
        ("*.tmi.example.com", [OTHER, '0 issuewild "amazon.com"'], True),
        ("tmi.example.com", ['0 iodef "mailto:somebody@example.com"'], True),
        ("tmi.example.com", [UNKNOWN], True),
        ("tmi.example.com", [], True),
        ("other.example.com", [OTHER], True),
        (UNKNOWN, [OTHER], True),
        (None, [OTHER], True),
    ],
)
def test_a_caa_record_admits_amazon(name: Plain, records: list[Plain], *, passes: bool) -> None:
    for place in ("tmi.example.com", "tmi.example.com."):
        found = violations(CERTIFICATES_RENEWABLE, certificate(name), caa(*records, name=place))
        assert found == ([] if passes else KEPT_OUT)


def test_the_nearest_record_is_in_force() -> None:
    above = caa(OTHER, name="example.com", record="above")
    assert violations(CERTIFICATES_RENEWABLE, certificate("tmi.example.com"), caa(AMAZON), above) == []
    second = certificate("tmi.example.com", "www.example.com")
    found = [("above", "it keeps Amazon from renewing certificate")]
    assert violations(CERTIFICATES_RENEWABLE, second, caa(AMAZON), above) == found


def test_an_imported_certificate_is_somebody_elses() -> None:
    assert violations(CERTIFICATES_RENEWABLE, certificate("tmi.example.com", validationMethod=None), caa(OTHER)) == []


@pytest.mark.parametrize(
    ("options", "passes"),
    [
        (None, True),
        ({}, True),
        ({"certificateTransparencyLoggingPreference": "ENABLED"}, True),
        ({"certificateTransparencyLoggingPreference": "DISABLED"}, False),
        ({"certificateTransparencyLoggingPreference": UNKNOWN}, False),
        ([], False),
    ],
)
def test_a_certificate_is_in_the_public_logs(options: Plain, *, passes: bool) -> None:
    assert (violations(CERTIFICATES_RENEWABLE, certificate("tmi.example.com", options=options)) == []) is passes
