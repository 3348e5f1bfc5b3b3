"""Where things are in the file system of TMI's pods."""

from __future__ import annotations

from typing import Final

SECRETS_PATH: Final = "/run/tmi/secrets"
"""Where the secrets are mounted that TMI reads from files."""
TLS_PATH: Final = "/run/tmi/tls"
"""Where the pod's own key and certificate are made at start."""
LOG_PATH: Final = "/var/log/tmi"
"""TMI's one writable directory; it cannot be told to write no files."""
RDS_ROOTS_PATH: Final = "/etc/tmi/rds"
"""Where the certificate authorities of RDS are mounted."""
RDS_ROOTS_FILE: Final = "roots.pem"
"""Their one file."""


def secret_file(name: str) -> str:
    """A file reference, which TMI follows for ten of its secrets. Source: TMI, internal/config/config.go."""
    return f"file://{SECRETS_PATH}/{name}"
