"""Questions of the runbooks to what TMI and its side-cars write."""

from __future__ import annotations

from typing import Final

from components.monitoring.queries.query import NEWEST, Query, Source
from components.monitoring.security_events import security_events
from components.server.pods import TMI_CONTAINER
from components.server.tmi_namespace import NAMESPACE

_TMI: Final = f'filter kubernetes.namespace_name = "{NAMESPACE}" and kubernetes.container_name = "{TMI_CONTAINER}"'
_SAID: Final = (
    "fields @timestamp, log_processed.level, log_processed.msg, log_processed.request_id, kubernetes.pod_name"
)
_NOISE: Final = "/OPENAPI_VALIDATION_FAILED|duplicate key|context canceled/"
"""What TMI logs at ERROR without being ill. Source: seen on TMI 1.8.22."""


def _beginning(*messages: str) -> str:
    """A filter for lines of TMI that begin so."""
    escaped = "|".join(message.replace("/", r"\/").replace("[", r"\[").replace("]", r"\]") for message in messages)
    return f"filter log_processed.msg like /^({escaped})/"


_EVENTS: Final = _beginning(
    *(message for event in security_events(settings_encryption=True) for message in event.messages)
)

OF_SERVER: Final = (
    Query(
        name="tmi/errors",
        question="What does TMI call an error, without what it calls so every day?",
        source=Source.CONTAINERS,
        lines=(
            _SAID,
            _TMI,
            'filter log_processed.level = "ERROR"',
            f"filter log_processed.msg not like {_NOISE}",
            *NEWEST,
        ),
    ),
    Query(
        name="tmi/slow-requests",
        question="Which paths are slow? Where `server.log_level` lets TMI write its access record.",
        source=Source.CONTAINERS,
        lines=(
            _TMI,
            _beginning("Request completed"),
            # TMI counts nanoseconds.
            "stats count() as requests, pct(log_processed.duration / 1000000, 95) as p95_ms by log_processed.path",
            "sort p95_ms desc",
            "limit 100",
        ),
    ),
    Query(
        name="tmi/one-request",
        question="What did TMI say of one request?",
        source=Source.CONTAINERS,
        lines=(_SAID, _TMI, 'filter log_processed.request_id = "REQUEST_ID"', "sort @timestamp asc"),
    ),
    Query(
        name="tmi/contention",
        question="Which writes gave up, since others held their rows?",
        source=Source.CONTAINERS,
        lines=(_SAID, _TMI, "filter log_processed.msg like /transaction failed after/", *NEWEST),
    ),
    Query(
        name="tmi/webhooks",
        question="What became of deliveries of webhooks?",
        source=Source.CONTAINERS,
        lines=(_SAID, _TMI, "filter log_processed.msg like /[Ww]ebhook/", *NEWEST),
    ),
    Query(
        name="tmi/answers-without-tmi",
        question="Which requests did a side-car answer since it had no TMI to ask?",
        source=Source.CONTAINERS,
        lines=(
            "fields @timestamp, kubernetes.pod_name, log",
            f'filter kubernetes.namespace_name = "{NAMESPACE}" and kubernetes.container_name = "haproxy"',
            "filter log like /<NOSRV>/",
            *NEWEST,
        ),
    ),
    Query(
        name="security/events",
        question="What security events were there?",
        source=Source.CONTAINERS,
        lines=(f"{_SAID}, log_processed.client_ip", _TMI, _EVENTS, *NEWEST),
    ),
    Query(
        name="security/addresses",
        question="From which addresses did they come?",
        source=Source.CONTAINERS,
        lines=(
            _TMI,
            _EVENTS,
            "stats count() as events by log_processed.client_ip",
            "sort events desc",
            "limit 50",
        ),
    ),
    Query(
        name="security/one-address",
        question="What else came from one address?",
        source=Source.CONTAINERS,
        lines=(_SAID, _TMI, 'filter log_processed.client_ip = "ADDRESS"', "sort @timestamp asc"),
    ),
    Query(
        name="security/administration",
        question="What did administrators of TMI change?",
        source=Source.CONTAINERS,
        lines=(_SAID, _TMI, _beginning("[AUDIT]"), *NEWEST),
    ),
    Query(
        name="tmi/jobs",
        question="What did the jobs say that run by the clock, those gone included?",
        source=Source.CONTAINERS,
        lines=(
            "fields @timestamp, log, kubernetes.pod_name",
            f'filter kubernetes.namespace_name = "{NAMESPACE}"',
            'filter kubernetes.container_name in ["dump", "upload", "trim", "restart"]',
            *NEWEST,
        ),
    ),
)
