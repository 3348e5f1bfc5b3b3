"""The init container's script: what it makes is what TMI and the proxy need, and nobody else can read it.

That the proxy serves with it and verifies TMI by it, the tests of the way in show.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from tests.servers.pod_certificate import PodCertificate, domain, made, make
from tests.servers.processes import User, directory

NODE_LIFETIME_DAYS: Final = 21
"""After which Auto Mode replaces a node, and so a pod. Source: EKS User Guide, EKS Auto Mode."""
TMI_WARNS_DAYS: Final = 30
"""How long before the end of a certificate TMI begins to warn. Source: TMI, cmd/server/main.go."""


@pytest.fixture
def files(user: User) -> Iterator[Path]:
    with directory(user) as home:
        yield home


@pytest.fixture
def certificate(user: User, files: Path) -> PodCertificate:
    return made(files, user)


def handshake(certificate: PodCertificate, chain: tuple[Path, Path | None], name: str) -> Any:  # noqa: ANN401 -- the library's own
    """What a client that trusts the certificate alone finds in it, when a server with this `chain` is called `name`."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*chain)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(certificate.pair.certificate)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with theirs, serving.wrap_socket(theirs, server_side=True, do_handshake_on_connect=False) as connection:
            try:
                connection.do_handshake()
                connection.recv(1)
            except (ssl.SSLError, ConnectionError):
                return

    thread = Thread(target=serve)
    thread.start()
    try:
        with ours, client.wrap_socket(ours, server_hostname=name) as connection:
            return connection.getpeercert()
    finally:
        thread.join()


@pytest.mark.parametrize("name", [domain(), "localhost", "127.0.0.1"])
def test_a_server_is_known_by_the_public_name_and_on_loopback(certificate: PodCertificate, name: str) -> None:
    pair = certificate.pair
    assert handshake(certificate, (pair.certificate, pair.key), name) is not None
    assert handshake(certificate, (certificate.proxys, None), name) is not None


def test_a_server_is_known_by_no_other_name(certificate: PodCertificate) -> None:
    pair = certificate.pair
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(certificate, (pair.certificate, pair.key), "tmi.example.org")


def test_its_subject_is_what_tmi_compares(certificate: PodCertificate) -> None:
    """TMI warns where the common name is another than its subject name."""
    pair = certificate.pair
    found = handshake(certificate, (pair.certificate, pair.key), "localhost")
    assert found["subject"] == ((("commonName", domain()),),)
    assert found["subjectAltName"] == (("DNS", domain()), ("DNS", "localhost"), ("IP Address", "127.0.0.1"))


def test_it_outlives_its_node_without_a_warning(certificate: PodCertificate) -> None:
    pair = certificate.pair
    found = handshake(certificate, (pair.certificate, pair.key), "localhost")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    begins = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notBefore"]), UTC)
    assert begins <= datetime.now(UTC)
    assert NODE_LIFETIME_DAYS + TMI_WARNS_DAYS < (ends - datetime.now(UTC)).days < 365


def test_its_files_are_its_users_alone(certificate: PodCertificate) -> None:
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in certificate.directory.iterdir()} == {
        "tls.crt": "0o600",
        "tls.key": "0o600",
        "haproxy.pem": "0o600",
    }


def test_its_key_is_on_a_curve_and_in_no_other_file(certificate: PodCertificate) -> None:
    pair = certificate.pair
    assert pair.key.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert "PRIVATE KEY" not in pair.certificate.read_text()
    assert certificate.proxys.read_text() == pair.certificate.read_text() + pair.key.read_text()


def test_a_container_that_starts_again_makes_a_new_one(user: User, certificate: PodCertificate, files: Path) -> None:
    """The kubelet may run an init container twice on one volume."""
    before = certificate.pair.key.read_text()
    after = made(files, user)
    assert after.pair.key.read_text() != before
    assert handshake(after, (after.proxys, None), "localhost") is not None


def test_a_name_that_no_certificate_can_hold_stops_the_pod(user: User, files: Path) -> None:
    """Settings refuse it first; the script must not go on with half of its files."""
    done = make(files, user, "a" * 61 + ".com")
    assert done.returncode != 0
    assert not (files / "haproxy.pem").exists()


def test_a_directory_it_cannot_write_stops_the_pod(user: User, files: Path) -> None:
    done = make(files / "absent", user)
    assert done.returncode != 0
