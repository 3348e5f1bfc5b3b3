"""The certificate authorities of RDS, by region.

`rds-roots.pem` is the bundle that AWS publishes. Above each certificate a line says its region, its algorithm, its last
day and its SHA-256 fingerprint; a test computes all of them again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

BUNDLE: Final = Path(__file__).with_name("rds-roots.pem")
"""The authorities of every region."""


def own_roots(region: str) -> str:
    """The authorities of `region` out of the bundle."""
    return region_roots(BUNDLE.read_text(), region)


def region_roots(bundle: str, region: str) -> str:
    """The authorities of `region`, as PEM. A pod trusts no others: its database has no certificate of theirs.

    Raises:
        ValueError: the bundle has none for that region.
    """
    roots = [f"# {block}" for block in bundle.split("# ") if block.partition(" ")[0] == region]
    if not roots:
        raise ValueError(
            f"rds-roots.pem has no certificate authority for {region!r}; take the bundle of today from AWS"
        )
    return "".join(roots)
