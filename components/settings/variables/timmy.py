"""Timmy, TMI's assistant. Where it is off, TMI hears of nothing but that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from components.settings.timmy import CodeSearch, EnabledTimmy, Reranking
from components.settings.variables.variable import Situation, Value, Variable, from_file

_OPENAI: Final = "openai"
"""The one interface that TMI has for embeddings. Source: TMI, internal/llm."""


def _timmy(of: Situation) -> EnabledTimmy | None:
    return of.server.timmy if isinstance(of.server.timmy, EnabledTimmy) else None


def _code_search(of: Situation) -> CodeSearch | None:
    timmy = _timmy(of)
    return timmy.code if timmy and isinstance(timmy.code, CodeSearch) else None


def _reranking(of: Situation) -> Reranking | None:
    timmy = _timmy(of)
    return timmy.reranking if timmy and isinstance(timmy.reranking, Reranking) else None


def _on(name: str, field: str, since: str, does: str, value: Callable[[EnabledTimmy], Value]) -> Variable[Situation]:
    """A row whose value is there while Timmy is on."""

    def compute(of: Situation) -> Value:
        timmy = _timmy(of)
        return None if timmy is None else value(timmy)

    return Variable(f"TMI_TIMMY_{name}", f"timmy.{field}", since, does, compute)


def _code(name: str, field: str, since: str, does: str, value: Callable[[CodeSearch], Value]) -> Variable[Situation]:
    """A row whose value is there while code has a model of its own."""

    def compute(of: Situation) -> Value:
        code = _code_search(of)
        return None if code is None else value(code)

    return Variable(f"TMI_TIMMY_{name}", f"timmy.{field}", since, does, compute)


def _rerank(name: str, field: str, since: str, does: str, value: Callable[[Reranking], Value]) -> Variable[Situation]:
    """A row whose value is there while what was found is put in order."""

    def compute(of: Situation) -> Value:
        reranking = _reranking(of)
        return None if reranking is None else value(reranking)

    return Variable(f"TMI_TIMMY_{name}", f"timmy.{field}", since, does, compute)


_MODELS: Final[tuple[Variable[Situation], ...]] = (
    _on(
        "LLM_PROVIDER",
        "chat.provider",
        "1.4.0",
        "Whose interface the model that answers speaks",
        lambda timmy: timmy.chat.provider.value,
    ),
    _on("LLM_MODEL", "chat.model", "1.4.0", "The model that answers", lambda timmy: timmy.chat.model),
    from_file(
        "TMI_TIMMY_LLM_API_KEY",
        "timmy-chat",
        "tmi:timmyKeys.chat",
        "1.4.0",
        "Its key",
        lambda of: _timmy(of) is not None,
    ),
    _on("LLM_BASE_URL", "chat.base_url", "1.4.0", "Where it is", lambda timmy: timmy.chat.base_url),
    _on("LLM_MAX_TOKENS", "chat.max_tokens", "1.8.16", "Its longest answer", lambda timmy: timmy.chat.max_tokens),
    _on("TEXT_EMBEDDING_PROVIDER", "text", "1.4.0", "The interface of the model that finds text", lambda _: _OPENAI),
    _on("TEXT_EMBEDDING_MODEL", "text.model", "1.4.0", "The model that finds text", lambda timmy: timmy.text.model),
    from_file(
        "TMI_TIMMY_TEXT_EMBEDDING_API_KEY",
        "timmy-text",
        "tmi:timmyKeys.text",
        "1.4.0",
        "Its key",
        lambda of: _timmy(of) is not None,
    ),
    _on("TEXT_EMBEDDING_BASE_URL", "text.base_url", "1.4.0", "Where it is", lambda timmy: timmy.text.base_url),
    _on(
        "EMBEDDING_DIMENSION", "text.dimension", "1.4.0", "How long its vectors are", lambda timmy: timmy.text.dimension
    ),
    _code("CODE_EMBEDDING_PROVIDER", "code", "1.4.0", "The interface of the model that finds code", lambda _: _OPENAI),
    _code("CODE_EMBEDDING_MODEL", "code.model", "1.4.0", "The model that finds code", lambda code: code.model),
    from_file(
        "TMI_TIMMY_CODE_EMBEDDING_API_KEY",
        "timmy-code",
        "tmi:timmyKeys.code",
        "1.4.0",
        "Its key",
        lambda of: _code_search(of) is not None,
    ),
    _code("CODE_EMBEDDING_BASE_URL", "code.base_url", "1.4.0", "Where it is", lambda code: code.base_url),
    _rerank(
        "RERANK_PROVIDER",
        "reranking.provider",
        "1.4.0",
        "What TMI calls the provider of the model that orders",
        lambda rerank: rerank.provider,
    ),
    _rerank(
        "RERANK_MODEL", "reranking.model", "1.4.0", "The model that orders what was found", lambda rerank: rerank.model
    ),
    from_file(
        "TMI_TIMMY_RERANK_API_KEY",
        "timmy-rerank",
        "tmi:timmyKeys.rerank",
        "1.4.0",
        "Its key",
        lambda of: _reranking(of) is not None,
    ),
    _rerank("RERANK_BASE_URL", "reranking.base_url", "1.4.0", "Where it is", lambda rerank: rerank.base_url),
    _rerank("RERANK_TOP_K", "reranking.results", "1.4.0", "How many results stay", lambda rerank: rerank.results),
)

_WORK: Final[tuple[Variable[Situation], ...]] = (
    _on(
        "OPERATOR_SYSTEM_PROMPT",
        "instructions",
        "1.4.0",
        "What every conversation begins with",
        lambda timmy: timmy.instructions,
    ),
    _on(
        "MAX_MESSAGES_PER_USER_PER_HOUR",
        "limits.messages_per_hour",
        "1.4.0",
        "How much a user may ask",
        lambda timmy: timmy.limits.messages_per_hour,
    ),
    _on(
        "MAX_SESSIONS_PER_THREAT_MODEL",
        "limits.sessions",
        "1.4.0",
        "How many conversations a threat model has",
        lambda timmy: timmy.limits.sessions,
    ),
    _on(
        "MAX_CONCURRENT_LLM_REQUESTS",
        "limits.requests_at_once",
        "1.4.0",
        "How many answers are made at once",
        lambda timmy: timmy.limits.requests_at_once,
    ),
    _on(
        "LLM_TIMEOUT_SECONDS",
        "limits.answer_seconds",
        "1.4.0",
        "How long an answer may take",
        lambda timmy: timmy.limits.answer_seconds,
    ),
    _on(
        "MAX_MEMORY_MB",
        "limits.memory_mib",
        "1.4.0",
        "How much memory indexes take",
        lambda timmy: timmy.limits.memory_mib,
    ),
    _on(
        "INACTIVITY_TIMEOUT_SECONDS",
        "limits.index_idle_seconds",
        "1.4.0",
        "When an idle index leaves memory",
        lambda timmy: timmy.limits.index_idle_seconds,
    ),
    _on(
        "MAX_CONVERSATION_HISTORY",
        "retrieval.history",
        "1.4.0",
        "How much of a conversation the model sees",
        lambda timmy: timmy.retrieval.history,
    ),
    _on(
        "CHUNK_SIZE",
        "retrieval.chunk_size",
        "1.4.0",
        "How long a piece of text is",
        lambda timmy: timmy.retrieval.chunk_size,
    ),
    _on(
        "CHUNK_OVERLAP",
        "retrieval.chunk_overlap",
        "1.4.0",
        "How much of a piece the next one repeats",
        lambda timmy: timmy.retrieval.chunk_overlap,
    ),
    _on(
        "TEXT_RETRIEVAL_TOP_K",
        "retrieval.text_results",
        "1.4.0",
        "How much text a question finds",
        lambda timmy: timmy.retrieval.text_results,
    ),
    _on(
        "CODE_RETRIEVAL_TOP_K",
        "retrieval.code_results",
        "1.4.0",
        "How much code a question finds",
        lambda timmy: timmy.retrieval.code_results,
    ),
    _on(
        "QUERY_DECOMPOSITION_ENABLED",
        "retrieval.decompose_queries",
        "1.4.0",
        "Whether a question is taken apart first",
        lambda timmy: timmy.retrieval.decompose_queries,
    ),
    _on(
        "EMBEDDING_CLEANUP_INTERVAL_MINUTES",
        "retrieval.cleanup_minutes",
        "1.4.0",
        "How often idle embeddings are looked for",
        lambda timmy: timmy.retrieval.cleanup_minutes,
    ),
    _on(
        "EMBEDDING_IDLE_DAYS_ACTIVE",
        "retrieval.idle_days_active",
        "1.4.0",
        "When those of an open threat model go",
        lambda timmy: timmy.retrieval.idle_days_active,
    ),
    _on(
        "EMBEDDING_IDLE_DAYS_CLOSED",
        "retrieval.idle_days_closed",
        "1.4.0",
        "When those of a closed one go",
        lambda timmy: timmy.retrieval.idle_days_closed,
    ),
)

TIMMY: Final[tuple[Variable[Situation], ...]] = (
    Variable(
        "TMI_TIMMY_ENABLED", "timmy.kind", "1.4.0", "Whether there is an assistant", lambda of: _timmy(of) is not None
    ),
    *_MODELS,
    *_WORK,
)
"""The assistant."""
