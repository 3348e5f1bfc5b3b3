"""The part of the stack file that describes Timmy, TMI's assistant."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field

from components.settings.choices import ChatProvider
from components.settings.constraints import Checked, between, matching
from components.settings.model import Section
from components.settings.vocabulary import ProviderUrl

ModelName: TypeAlias = Annotated[
    str, matching(r"[\x21-\x7e]{1,128}", "must be the name of a model at its provider", "example-model")
]
_LONGEST_INSTRUCTIONS: Final = 8000
TopResults: TypeAlias = Annotated[int, between(1, 100, "results")]


class ChatModel(Section):
    """The model that answers. Its key is `tmi:timmyKeys.chat`."""

    provider: ChatProvider
    """Whose interface it speaks."""
    model: ModelName
    """Its name there."""
    base_url: ProviderUrl
    """Where it is."""
    max_tokens: Annotated[int, between(256, 65_536, "tokens")]
    """The longest answer."""


class EmbeddingModel(Section):
    """The model that finds text. It speaks OpenAI's interface; its key is `tmi:timmyKeys.text`."""

    model: ModelName
    """Its name at its provider."""
    base_url: ProviderUrl
    """Where it is."""
    dimension: Annotated[int, between(64, 8192, "dimensions")]
    """How long its vectors are. With another dimension what was embedded before is of no use."""


class NoModel(Section):
    """Left out: no model is asked for that."""

    kind: Literal["none"]
    """Not used."""


class CodeSearch(Section):
    """Source code is found by a model of its own, which speaks OpenAI's interface; its key is `tmi:timmyKeys.code`."""

    kind: Literal["enabled"]
    """Used."""
    model: ModelName
    """Its name at its provider."""
    base_url: ProviderUrl
    """Where it is."""


class Reranking(Section):
    """What was found is put in order by another model; its key is `tmi:timmyKeys.rerank`."""

    kind: Literal["enabled"]
    """Used."""
    provider: ModelName
    """What TMI calls its provider."""
    model: ModelName
    """Its name there."""
    base_url: ProviderUrl
    """Where it is."""
    results: TopResults
    """How many stay."""


class TimmyLimits(Section):
    """What Timmy may use. In a pool each process counts for itself, which the hub alone answers for."""

    messages_per_hour: Annotated[int, between(1, 10_000, "messages")]
    """Of one user."""
    sessions: Annotated[int, between(1, 1000, "sessions")]
    """Of one threat model."""
    requests_at_once: Annotated[int, between(1, 100, "requests")]
    """To the model that answers."""
    answer_seconds: Annotated[int, between(10, 600, "seconds")]
    """How long an answer may take. Whatever stands before TMI has to wait longer."""
    memory_mib: Annotated[int, between(64, 16_384, "MiB")]
    """For indexes; part of what the pod has."""
    index_idle_seconds: Annotated[int, between(60, 86_400, "seconds")]
    """How long an index that nobody asks stays in memory."""


class TimmyRetrieval(Section):
    """How Timmy reads."""

    history: Annotated[int, between(1, 500, "messages")]
    """How much of a conversation the model sees."""
    chunk_size: Annotated[int, between(64, 8192, "tokens")]
    """How long a piece of text is."""
    chunk_overlap: Annotated[int, between(0, 4096, "tokens")]
    """How much of a piece is in the next one too."""
    text_results: TopResults
    """How many pieces of text a question finds."""
    code_results: TopResults
    """How many pieces of code."""
    decompose_queries: bool
    """Whether a question is taken apart first, at the cost of one more answer of the model."""
    cleanup_minutes: Annotated[int, between(5, 1440, "minutes")]
    """How often embeddings that nobody uses are looked for."""
    idle_days_active: Annotated[int, between(1, 365, "days")]
    """When those of an open threat model go."""
    idle_days_closed: Annotated[int, between(1, 365, "days")]
    """When those of a closed one go."""


class NoTimmy(Section):
    """No assistant, and no model anywhere hears of a threat model."""

    kind: Literal["none"]
    """TMI without Timmy."""


class EnabledTimmy(Section):
    """The assistant. What it is asked, and what it finds, goes to the models below."""

    kind: Literal["enabled"]
    """TMI with Timmy."""
    chat: ChatModel
    """Who answers."""
    text: EmbeddingModel
    """Who finds text."""
    code: Annotated[NoModel | CodeSearch, Field(discriminator="kind")]
    """Who finds source code."""
    reranking: Annotated[NoModel | Reranking, Field(discriminator="kind")]
    """Who puts what was found in order."""
    instructions: Annotated[
        str, Checked(lambda value: len(value) <= _LONGEST_INSTRUCTIONS, "is too long; write 8000 characters at most")
    ]
    """What every conversation begins with; empty for TMI's own instructions alone."""
    limits: TimmyLimits
    """What it may use."""
    retrieval: TimmyRetrieval
    """How it reads."""


Timmy: TypeAlias = Annotated[NoTimmy | EnabledTimmy, Field(discriminator="kind")]
"""TMI's assistant."""


def model_hosts(timmy: NoTimmy | EnabledTimmy) -> tuple[str, ...]:
    """The hosts of every model that is used."""
    if isinstance(timmy, NoTimmy):
        return ()
    models = (timmy.chat, timmy.text, timmy.code, timmy.reranking)
    urls = (model.base_url for model in models if not isinstance(model, NoModel))
    return tuple(host for url in urls if (host := urlsplit(url).hostname))


def answer_seconds(timmy: NoTimmy | EnabledTimmy) -> int | None:
    """How long TMI waits for a model that answers; None without one."""
    return timmy.limits.answer_seconds if isinstance(timmy, EnabledTimmy) else None
