"""The process itself: how it runs, logs and reports."""

from __future__ import annotations

from typing import Final

from components.settings.telemetry import TelemetryCollector
from components.settings.variables.variable import Situation, Variable, fixed, from_environment
from components.tmi_paths import LOG_PATH

OTLP_PORT: Final = 4317
"""Where the collector takes metrics and traces, on loopback."""
PROMETHEUS_PORT: Final = 9464
"""Where TMI shows metrics of Go, its goroutines above all, which are in no OTLP. It listens on every address."""
SETTINGS_KEY_VARIABLE: Final = "TMI_SECRET_SETTINGS_ENCRYPTION_KEY"
"""Read from the environment alone: with `file://` TMI starts with encryption off."""
PREVIOUS_SETTINGS_KEY_VARIABLE: Final = "TMI_SECRET_SETTINGS_ENCRYPTION_PREVIOUS_KEY"
"""The key TMI tries where the current one does not fit. Source: TMI, internal/secrets and internal/crypto."""

_PERCENT: Final = 100


def _reports(of: Situation) -> TelemetryCollector | None:
    telemetry = of.server.telemetry
    return telemetry if isinstance(telemetry, TelemetryCollector) else None


def _sampling_rate(of: Situation) -> str | None:
    reports = _reports(of)
    return None if reports is None else f"{reports.sampling_percent / _PERCENT:g}"


PROCESS: Final[tuple[Variable[Situation], ...]] = (
    fixed("TMI_BUILD_MODE", "production", "1.0", "TMI's own test logins are off"),
    fixed("TMI_LOG_IS_DEV", value=False, since="1.0", does="The default, true, opens CORS to every origin"),
    Variable("TMI_LOG_LEVEL", "log_level", "1.0", "What TMI logs", lambda of: of.server.log_level.value),
    fixed("TMI_LOG_DIR", LOG_PATH, "1.0", "The one directory TMI may write to; it cannot be told to write no files"),
    fixed("TMI_LOG_MAX_SIZE_MB", 20, "1.0", "The directory is small"),
    fixed("TMI_LOG_MAX_BACKUPS", 2, "1.0", "The directory is small"),
    fixed("TMI_LOG_ALSO_LOG_TO_CONSOLE", value=True, since="1.0", does="What the cluster collects"),
    fixed(
        "TMI_LOG_SUPPRESS_UNAUTH_LOGS",
        value=False,
        since="1.0",
        does="The default, true, drops the access records of everybody, not only of strangers",
    ),
    fixed("TMI_LOG_REDACT_AUTH_TOKENS", value=True, since="1.0", does="No token is ever in a log"),
    Variable(
        "TMI_OTEL_ENABLED",
        "telemetry.kind",
        "1.4.0",
        "Whether TMI reports metrics and traces",
        lambda of: _reports(of) is not None,
    ),
    Variable(
        "TMI_OTEL_SAMPLING_RATE",
        "telemetry.sampling_percent",
        "1.4.0",
        "Which part of the requests leaves a trace",
        _sampling_rate,
    ),
    Variable(
        "TMI_OTEL_PROMETHEUS_PORT",
        "telemetry.kind",
        "1.4.0",
        "Where the collector finds metrics that OTLP leaves out",
        lambda of: PROMETHEUS_PORT if _reports(of) else None,
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "telemetry.kind",
        "1.4.0",
        "The collector in the pod",
        lambda of: f"http://127.0.0.1:{OTLP_PORT}" if _reports(of) else None,
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "telemetry.kind",
        "1.4.0",
        "Milliseconds: without a collector a stop would take 10 s",
        lambda of: 1000 if _reports(of) else None,
    ),
    Variable(
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "telemetry.kind",
        "1.4.0",
        "Counts since the last report: CloudWatch adds them up by itself",
        lambda of: "delta" if _reports(of) else None,
    ),
    from_environment(
        SETTINGS_KEY_VARIABLE, "settings_encryption", "1.1.0", "The key that encrypts settings in the database"
    ),
    from_environment(
        PREVIOUS_SETTINGS_KEY_VARIABLE, "secrets.settings_key", "1.1.0", "The key before it, during its rotation"
    ),
)
"""How it runs."""
