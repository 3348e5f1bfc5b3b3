"""Certificate authorities of a test, and the certificates of its servers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import program


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


def _openssl(*arguments: str) -> None:
    done = subprocess.run([program("openssl"), *arguments], capture_output=True, text=True, check=False)  # noqa: S603 -- fixed
    assert done.returncode == 0, done.stderr


def _new_key(pair: KeyPair, name: str, *arguments: str) -> None:
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subject = ("-subj", f"/CN={name}", "-keyout", str(pair.key), "-out", str(pair.certificate))
    _openssl("req", "-x509", "-sha256", "-days", "2", *curve, *subject, *arguments)


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority with its files in a directory."""

    directory: Path
    name: str

    @classmethod
    def made(cls, directory: Path, name: str) -> Authority:
        """A new one."""
        authority = cls(directory, name)
        _new_key(authority.own, f"{name} of a test", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return authority

    @property
    def own(self) -> KeyPair:
        """Its own certificate, which is what clients trust, and its key."""
        return KeyPair(self.directory / f"{self.name}.crt", self.directory / f"{self.name}.key")

    @property
    def roots(self) -> Path:
        """What a client trusts."""
        return self.own.certificate

    def certify(self, host: str) -> KeyPair:
        """The certificate of a server with that name and no other."""
        pair = KeyPair(self.directory / f"{self.name}-{host}.crt", self.directory / f"{self.name}-{host}.key")
        _new_key(
            pair, host, "-addext", f"subjectAltName=DNS:{host}", "-addext", "basicConstraints=critical,CA:FALSE",
            "-CA", str(self.own.certificate), "-CAkey", str(self.own.key),
        )  # fmt: skip
        return pair
