"""Where TMI reads documents, and how much of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from components.settings.content import ContentSourceSettings, GoogleDriveSource, MicrosoftSource
from components.settings.content_addresses import DelegatedSource, delegated_sources
from components.settings.variables.variable import Family, Situation, Value, Variable, from_environment
from components.tmi_paths import SECRETS_PATH

CONTENT_TOKEN_KEY_VARIABLE: Final = "TMI_CONTENT_TOKEN_ENCRYPTION_KEY"  # noqa: S105 -- a name
"""Read from the environment alone; without it nobody can link an account."""
_MIB: Final = 1024 * 1024
_KIB: Final = 1024

_Kind = TypeVar("_Kind")


def _of(
    kind: type[_Kind], source: Callable[[ContentSourceSettings], object], value: Callable[[_Kind], Value]
) -> Callable[[Situation], Value]:
    """The value where the source is on, none where it is off."""

    def compute(of: Situation) -> Value:
        found = source(of.server.content.sources)
        return value(found) if isinstance(found, kind) else None

    return compute


def _drive(value: Callable[[GoogleDriveSource], Value]) -> Callable[[Situation], Value]:
    return _of(GoogleDriveSource, lambda sources: sources.google_drive, value)


def _microsoft(value: Callable[[MicrosoftSource], Value]) -> Callable[[Situation], Value]:
    return _of(MicrosoftSource, lambda sources: sources.microsoft, value)


def _delegates(of: Situation) -> bool:
    return bool(delegated_sources(of.server.content.sources))


CONTENT: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_ENABLED",
        "content.sources.google_drive.kind",
        "1.4.0",
        "Whether TMI reads Google Drive",
        _drive(lambda _: True),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_SERVICE_ACCOUNT_EMAIL",
        "content.sources.google_drive.email",
        "1.4.0",
        "With whom users share documents",
        _drive(lambda source: source.email),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_GOOGLE_DRIVE_CREDENTIALS_FILE",
        "tmi:contentSecrets.google-drive",
        "1.4.0",
        "The account's key: a path",
        _drive(lambda _: f"{SECRETS_PATH}/content-google-drive"),
        secret=True,
    ),
    Variable(
        "TMI_CONTENT_SOURCE_CONFLUENCE_ENABLED",
        "content.sources.confluence.kind",
        "1.4.0",
        "Whether TMI reads Confluence",
        lambda of: "confluence" in delegated_sources(of.server.content.sources) or None,
    ),
    Variable(
        "TMI_CONTENT_SOURCE_MICROSOFT_ENABLED",
        "content.sources.microsoft.kind",
        "1.4.0",
        "Whether TMI reads SharePoint and OneDrive",
        _microsoft(lambda _: True),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_MICROSOFT_TENANT_ID",
        "content.sources.microsoft.tenant",
        "1.4.0",
        "Whose files; without it TMI would not start",
        _microsoft(lambda source: source.tenant),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_MICROSOFT_CLIENT_ID",
        "content.sources.microsoft.client_id",
        "1.4.0",
        "TMI's id there; without it TMI would not start",
        _microsoft(lambda source: source.client_id),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_MICROSOFT_APPLICATION_OBJECT_ID",
        "content.sources.microsoft.application_object_id",
        "1.4.0",
        "To whom users grant a file; without it TMI would not start",
        _microsoft(lambda source: source.application_object_id),
    ),
    Variable(
        "TMI_CONTENT_SOURCE_MICROSOFT_PICKER_ORIGIN",
        "content.sources.microsoft.picker_origin",
        "1.4.0",
        "Where files are picked",
        _microsoft(lambda source: source.picker_origin),
    ),
    Variable(
        "TMI_CONTENT_OAUTH_CALLBACK_URL",
        "load_balancer.domain",
        "1.4.0",
        "Where browsers come back to from linking an account",
        lambda of: f"https://{of.domain}/oauth2/content_callback" if _delegates(of) else None,
    ),
    from_environment(
        CONTENT_TOKEN_KEY_VARIABLE, "content.sources", "1.4.0", "The key that encrypts tokens of linked accounts"
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_COMPRESSED_SIZE_BYTES",
        "content.extractors.file_mib",
        "1.4.0",
        "The largest file",
        lambda of: of.server.content.extractors.file_mib * _MIB,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_DECOMPRESSED_SIZE_BYTES",
        "content.extractors.unpacked_mib",
        "1.4.0",
        "How much is packed in it",
        lambda of: of.server.content.extractors.unpacked_mib * _MIB,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_PART_SIZE_BYTES",
        "content.extractors.part_mib",
        "1.4.0",
        "The largest part of it",
        lambda of: of.server.content.extractors.part_mib * _MIB,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_PPTX_SLIDES",
        "content.extractors.slides",
        "1.4.0",
        "How many slides",
        lambda of: of.server.content.extractors.slides,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_XLSX_CELLS",
        "content.extractors.cells",
        "1.4.0",
        "How many cells",
        lambda of: of.server.content.extractors.cells,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_MARKDOWN_SIZE_BYTES",
        "content.extractors.text_kib",
        "1.4.0",
        "How much text comes out",
        lambda of: of.server.content.extractors.text_kib * _KIB,
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_WALL_CLOCK_BUDGET",
        "content.extractors.seconds",
        "1.4.0",
        "How long it takes",
        lambda of: f"{of.server.content.extractors.seconds}s",
    ),
    Variable(
        "TMI_CONTENT_EXTRACTORS_PER_USER_CONCURRENCY_DEFAULT",
        "content.extractors.at_once",
        "1.4.0",
        "How many at once for a user",
        lambda of: of.server.content.extractors.at_once,
    ),
)
"""Documents."""

CONTENT_PROVIDERS: Final[Family[DelegatedSource]] = Family(
    prefix="TMI_CONTENT_OAUTH_PROVIDERS",
    setting="content.sources",
    members=lambda of: delegated_sources(of.server.content.sources),
    variables=(
        Variable("ENABLED", "kind", "1.4.0", "Without it TMI does not see the provider at all", lambda _: True),
        Variable("CLIENT_ID", "client_id", "1.4.0", "TMI's id at the provider", lambda of: of.client_id),
        from_environment("CLIENT_SECRET", "tmi:contentSecrets", "1.4.0", "TMI's secret at the provider"),
        Variable("AUTH_URL", "kind", "1.4.0", "Where users link their account", lambda of: of.authorization_url),
        Variable("TOKEN_URL", "kind", "1.4.0", "Where TMI exchanges codes", lambda of: of.token_url),
        Variable("USERINFO_URL", "kind", "1.4.0", "Whose account it is", lambda of: of.userinfo_url),
        Variable("REQUIRED_SCOPES", "kind", "1.4.0", "What TMI asks for", lambda of: " ".join(of.scopes)),
    ),
)
"""Accounts that users link, so that TMI reads as they would."""
