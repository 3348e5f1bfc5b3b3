"""The authorities of RDS: what is vendored is what its comments say, and lasts."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import ssl

import pytest

from components.server.rds_roots import BUNDLE, region_roots

HEADER = re.compile(
    r"# (?P<region>[a-z0-9-]+) (?P<algorithm>\w+) until (?P<until>[0-9-]{10}) sha256 (?P<sha256>[0-9a-f]{64})"
)
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
ASN1_TIME = re.compile(rb"\x17\x0d(?P<short>[0-9]{12})Z|\x18\x0f(?P<long>[0-9]{14})Z")


def roots() -> list[tuple[re.Match[str], bytes]]:
    text = BUNDLE.read_text()
    headers = list(HEADER.finditer(text))
    certificates = [ssl.PEM_cert_to_DER_cert(found.group()) for found in CERTIFICATE.finditer(text)]
    return list(zip(headers, certificates, strict=True))


def last_day(certificate: bytes) -> dt.date:
    """The second time in a certificate is the end of its validity."""
    end = list(ASN1_TIME.finditer(certificate))[1]
    digits = (end["long"] or b"20" + end["short"]).decode()
    return dt.datetime.strptime(digits[:8], "%Y%m%d").replace(tzinfo=dt.UTC).date()


def test_each_fingerprint_and_date_is_that_of_its_certificate() -> None:
    assert len(roots()) == 3 * 27
    for header, certificate in roots():
        assert hashlib.sha256(certificate).hexdigest() == header["sha256"]
        assert last_day(certificate).isoformat() == header["until"]


def test_each_region_has_its_three_authorities() -> None:
    algorithms: dict[str, list[str]] = {}
    for header, _ in roots():
        algorithms.setdefault(header["region"], []).append(header["algorithm"])
    assert {tuple(sorted(found)) for found in algorithms.values()} == {("ECC384", "RSA2048", "RSA4096")}


def test_none_ends_within_ten_years() -> None:
    horizon = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=3650)
    assert [header["region"] for header, certificate in roots() if last_day(certificate) < horizon] == []


def test_a_region_gets_its_own_and_no_others() -> None:
    found = region_roots(BUNDLE.read_text(), "eu-west-1")
    assert {header["region"] for header in HEADER.finditer(found)} == {"eu-west-1"}
    assert len(CERTIFICATE.findall(found)) == 3


def test_an_unknown_region_is_refused() -> None:
    message = "^rds-roots.pem has no certificate authority for 'mars-1'; take the bundle of today from AWS$"
    with pytest.raises(ValueError, match=message):
        region_roots(BUNDLE.read_text(), "mars-1")
