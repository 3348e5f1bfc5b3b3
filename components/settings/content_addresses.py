"""Where TMI finds documents: the addresses of those who keep them, and the hosts it has to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from components.settings.content import ConfluenceSource, ContentSourceSettings, GoogleDriveSource, MicrosoftSource

GOOGLE_DRIVE_HOSTS: Final = ("oauth2.googleapis.com", "www.googleapis.com")
"""Where a service account gets its tokens, and the API of Drive. Source: Google's discovery document of Drive v3."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DelegatedSource:
    """A source that TMI reads with the token of a user who linked their account there."""

    client_id: str
    authorization_url: str
    token_url: str
    userinfo_url: str
    scopes: tuple[str, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that TMI and the user's browser call."""
        found = (urlsplit(url).hostname for url in (self.authorization_url, self.token_url, self.userinfo_url))
        return tuple(sorted({host for host in found if host}))


def delegated_sources(sources: ContentSourceSettings) -> dict[str, DelegatedSource]:
    """What users link, by TMI's id of it.

    Source: TMI, docs/superpowers/specs, the designs of its Confluence and Microsoft providers.
    """
    found: dict[str, DelegatedSource] = {}
    if isinstance(sources.confluence, ConfluenceSource):
        found["confluence"] = DelegatedSource(
            client_id=sources.confluence.client_id,
            # Atlassian asks for these two parameters. TMI has no variable for them, and keeps those of the address.
            authorization_url="https://auth.atlassian.com/authorize?audience=api.atlassian.com&prompt=consent",
            token_url="https://auth.atlassian.com/oauth/token",  # noqa: S106 -- an address
            userinfo_url="https://api.atlassian.com/me",
            scopes=("read:confluence-content.all", "offline_access"),
        )
    if isinstance(sources.microsoft, MicrosoftSource):
        login = f"https://login.microsoftonline.com/{sources.microsoft.tenant}/oauth2/v2.0"
        found["microsoft"] = DelegatedSource(
            client_id=sources.microsoft.client_id,
            authorization_url=f"{login}/authorize",
            token_url=f"{login}/token",
            userinfo_url="https://graph.microsoft.com/v1.0/me",
            # Reads what a user picked, and lets TMI ask for that: Microsoft has no narrower right for the second.
            scopes=("offline_access", "User.Read", "Files.SelectedOperations.Selected", "Files.ReadWrite"),
        )
    return found


def source_hosts(sources: ContentSourceSettings) -> tuple[str, ...]:
    """The hosts of everything that is on."""
    drive = GOOGLE_DRIVE_HOSTS if isinstance(sources.google_drive, GoogleDriveSource) else ()
    return (*drive, *(host for source in delegated_sources(sources).values() for host in source.hosts))
