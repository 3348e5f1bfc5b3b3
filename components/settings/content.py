"""The part of the stack file that says where TMI reads documents from, and how much of one."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between, matching
from components.settings.identity import ClientId, TenantId
from components.settings.model import Section
from components.settings.vocabulary import Email, Origin

ObjectId: TypeAlias = Annotated[
    str,
    matching(
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "must be the object id of TMI's application in Entra",
        "00000000-0000-0000-0000-000000000000",
    ),
]


class NoSource(Section):
    """TMI reads nothing from there."""

    kind: Literal["none"]
    """Not this one."""


class GoogleDriveSource(Section):
    """Documents on Google Drive that are shared with a service account, whose key is `tmi:contentSecrets`."""

    kind: Literal["service_account"]
    """One identity for all users."""
    email: Email
    """The account's address; users share documents with it."""


class ConfluenceSource(Section):
    """Pages of Confluence Cloud, read as the user who linked their account."""

    kind: Literal["delegated"]
    """Each user links an account."""
    client_id: ClientId
    """TMI's id at Atlassian. Its secret is `tmi:contentSecrets`, never in here."""


class MicrosoftSource(Section):
    """Files of SharePoint and OneDrive, read as the user who linked their account."""

    kind: Literal["delegated"]
    """Each user links an account."""
    client_id: ClientId
    """TMI's id in the tenant. Its secret is `tmi:contentSecrets`, never in here."""
    tenant: TenantId
    """The tenant whose files are read."""
    application_object_id: ObjectId
    """TMI's application in the tenant, to which users grant single files."""
    picker_origin: Origin
    """Where the file picker is, as in `https://example.sharepoint.com`."""


class ContentSourceSettings(Section):
    """Where documents are read from, beside plain addresses."""

    google_drive: Annotated[NoSource | GoogleDriveSource, Field(discriminator="kind")]
    """Google Drive."""
    confluence: Annotated[NoSource | ConfluenceSource, Field(discriminator="kind")]
    """Confluence Cloud."""
    microsoft: Annotated[NoSource | MicrosoftSource, Field(discriminator="kind")]
    """SharePoint and OneDrive."""


class ExtractorSettings(Section):
    """How much of a document TMI reads. Above the ceilings of these ranges TMI would not start.

    Source: TMI, internal/config/content_extractors.go.
    """

    file_mib: Annotated[int, between(1, 50, "MiB")]
    """The file itself."""
    unpacked_mib: Annotated[int, between(1, 100, "MiB")]
    """What is packed in it."""
    part_mib: Annotated[int, between(1, 50, "MiB")]
    """One part of it."""
    slides: Annotated[int, between(1, 250, "slides")]
    """Of a presentation."""
    cells: Annotated[int, between(1, 10_000, "cells")]
    """Of a spreadsheet."""
    text_kib: Annotated[int, between(1, 256, "KiB")]
    """The text that comes out."""
    seconds: Annotated[int, between(1, 60, "seconds")]
    """How long it may take."""
    at_once: Annotated[int, between(1, 16, "documents")]
    """For one user."""


class ContentSettings(Section):
    """Documents that users attach to a threat model."""

    sources: ContentSourceSettings
    """Where they come from."""
    extractors: ExtractorSettings
    """How much of them is read."""
