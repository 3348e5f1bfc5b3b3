"""The environment as TMI 1.8.22 reads it, in its order: what stops a start, what is only logged, what is not seen.

Source: TMI, internal/config/config.go, internal/config/secret_reference.go, internal/envutil, auth/db/gorm.go,
auth/config.go, auth/provider_classifier.go and internal/crypto/settings_encryptor.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_TYPES: Final = dict(line.split(" ") for line in Path(__file__).with_name("tmi_types.txt").read_text().splitlines()[1:])
_BOOLEANS: Final = {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"}
"""Source: Go, strconv.ParseBool."""
_NUMBERS: Final[Mapping[str, Callable[[str], bool]]] = {
    "bool": _BOOLEANS.__contains__,
    "int": lambda text: re.fullmatch(r"[+-]?[0-9]+", text) is not None,
    "float": lambda text: re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text) is not None,
    "duration": lambda text: re.fullmatch(r"[+-]?(0|([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+)", text) is not None,
    "list": lambda _: True,
}
DEREFERENCED: Final = (
    "TMI_JWT_SECRET", "TMI_DATABASE_URL", "TMI_REDIS_URL", "TMI_REDIS_PASSWORD", "TMI_SERVER_TLS_KEY_FILE",
    "TMI_TIMMY_LLM_API_KEY", "TMI_TIMMY_TEXT_EMBEDDING_API_KEY", "TMI_TIMMY_CODE_EMBEDDING_API_KEY",
    "TMI_TIMMY_RERANK_API_KEY", "TMI_ALERTING_WEBHOOK_SECRET",
)  # fmt: skip
"""The only variables in which TMI follows `file://` and `env://`."""
_DEFAULTS: Final = {
    "TMI_SERVER_PORT": "8080", "TMI_SERVER_TLS_ENABLED": "false",
    "TMI_REDIS_HOST": "localhost", "TMI_REDIS_PORT": "6379", "TMI_LOG_IS_DEV": "true", "TMI_LOG_DIR": "logs",
    "TMI_OAUTH_CALLBACK_URL": "http://localhost:8080/oauth2/callback",
}  # fmt: skip
SETTINGS_KEY: Final = "TMI_SECRET_SETTINGS_ENCRYPTION_KEY"


class Fatal(Exception):  # noqa: N818 -- what TMI calls it
    """TMI would log this and exit with 1."""


@dataclass(frozen=True, slots=True)
class Database:
    """What is left of the URL."""

    host: str
    port: str
    user: str
    password: str
    name: str
    sslmode: str

    @property
    def keywords(self) -> str:
        """The connection string that TMI hands on: nothing in it is quoted."""
        return (
            f"host={self.host} port={self.port} user={self.user} password={self.password} dbname={self.name} "
            f"sslmode={self.sslmode}"
        )


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider that TMI found."""

    variables: Mapping[str, str]
    """By their names without prefix."""
    claims: Mapping[str, str]
    """Of its first userinfo address."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What TMI would run with."""

    values: Mapping[str, str]
    """Every variable that is not empty, references followed; the defaults that matter here."""
    database: Database
    providers: Mapping[str, Provider]
    warnings: tuple[str, ...]
    """What TMI only logs."""

    def listed(self, name: str) -> list[str]:
        """The entries of a list."""
        return [part.strip() for part in self.values.get(name, "").split(",") if part.strip()]

    def is_set(self, name: str) -> bool:
        """Whether a boolean is true."""
        return self.values.get(name, "") in {"1", "t", "T", "TRUE", "true", "True"}

    @property
    def websocket_base(self) -> str:
        """How the addresses of WebSockets begin that TMI gives out. Source: TMI, api/websocket.go."""
        if not self.is_set("TMI_SERVER_TLS_ENABLED"):
            return "ws://<Host of the request>"
        port = self.values["TMI_SERVER_PORT"]
        return f"wss://{self.values['TMI_SERVER_TLS_SUBJECT_NAME']}{'' if port == '443' else f':{port}'}"


def read(environ: Mapping[str, str]) -> Configuration:
    """What TMI makes of its environment while no identity provider can be reached.

    Raises:
        Fatal: TMI would not start.
    """
    values = _DEFAULTS | {name: value for name, value in environ.items() if value}
    for name, kind in _TYPES.items():
        if name in values and not _NUMBERS[kind](values[name]):
            raise Fatal(f"invalid {kind} value: {name}={values[name]}")
    providers = _providers(environ)
    _check_before_references(values)
    for name in DEREFERENCED:
        if name in values:
            values[name] = _resolved(values[name], environ)
    database = parse_database_url(values["TMI_DATABASE_URL"])
    _check_jwt_secret(values, providers)
    _check_providers(providers)
    return Configuration(values, database, providers, tuple(_logged(values)))


def _check_before_references(values: Mapping[str, str]) -> None:
    for name in ("TMI_DATABASE_URL", "TMI_JWT_SECRET", "TMI_BUILD_MODE"):
        if not values.get(name):
            raise Fatal(f"required config setting(s) missing a value: {name}")
    for origin in filter(None, (part.strip() for part in values.get("TMI_CORS_ALLOWED_ORIGINS", "").split(","))):
        parsed = urlsplit(origin)
        if origin == "*" or not parsed.scheme or not parsed.netloc:
            raise Fatal(f"CORS allowed_origins contains invalid origin: {origin}")


def _resolved(value: str, environ: Mapping[str, str]) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in {"file", "env", "vault"}:
        return value
    if scheme == "file":
        try:
            return Path(rest).read_text().strip()
        except OSError as error:
            raise Fatal(f"reading file reference {value}: {error.strerror}") from error
    if scheme == "env" and environ.get(rest):
        return environ[rest]
    raise Fatal(f"{scheme} reference {value} resolves to nothing")


def parse_database_url(text: str) -> Database:
    """The parts of a URL that TMI keeps; the rest it drops without a word.

    Raises:
        Fatal: it is none that Go or TMI can read.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as error:
        raise Fatal(f"failed to parse database URL: {error}") from error
    userinfo, separator, _ = url.netloc.rpartition("@")
    if re.search(r"%(?![0-9A-Fa-f]{2})", text) or re.search(r"[^A-Za-z0-9\-._:~!$&'()*+,;=%@]", userinfo):
        raise Fatal("failed to parse database URL: net/url: invalid userinfo")
    if url.scheme not in {"postgres", "postgresql"}:
        raise Fatal(f"unsupported database URL scheme: {url.scheme}")
    user, _, password = userinfo.partition(":") if separator else ("", "", "")
    return Database(
        host=url.hostname or "",
        port=str(port or 5432),
        user=unquote(user),
        password=unquote(password),
        name=unquote(url.path.removeprefix("/")),
        sslmode=parse_qs(url.query).get("sslmode", ["disable"])[0],
    )


def _check_jwt_secret(values: Mapping[str, str], providers: Mapping[str, Provider]) -> None:
    secret = values["TMI_JWT_SECRET"]
    others = [values.get("TMI_REDIS_PASSWORD"), *(found.variables.get("CLIENT_SECRET") for found in providers.values())]
    if secret in {"", "your-secret-key"} or secret in others:
        raise Fatal("jwt secret must not be empty, the default, or the same as another secret in configuration")


def _providers(environ: Mapping[str, str]) -> dict[str, Provider]:
    """Those that say they are enabled, by the id that TMI makes of their name."""
    found: dict[str, Provider] = {}
    for name, value in environ.items():
        match = re.fullmatch("OAUTH_PROVIDERS_(.+)_ENABLED", name)
        if match is None or value != "true":
            continue
        prefix = f"OAUTH_PROVIDERS_{match[1]}_"
        own = {key.removeprefix(prefix): text for key, text in environ.items() if key.startswith(prefix)}
        claims = "USERINFO_CLAIMS_"
        found[match[1].lower().replace("_", "-")] = Provider(
            own, {key.removeprefix(claims).lower(): text for key, text in own.items() if key.startswith(claims)}
        )
    return found


def _check_providers(providers: Mapping[str, Provider]) -> None:
    for name, provider in providers.items():
        if not provider.variables.get("USERINFO_URL") or not provider.claims.get("subject_claim"):
            raise Fatal(f"oauth provider validation failed: {name} needs a userinfo address and its subject claim")


def _logged(values: Mapping[str, str]) -> list[str]:
    """What TMI says once and starts nevertheless."""
    found: list[str] = []
    if re.fullmatch(r"\s*([0-9A-Fa-f]{2}){32}\s*", values.get(SETTINGS_KEY, "")) is None:
        found.append("settings encryption is off")
    if values["TMI_LOG_IS_DEV"] in {"1", "t", "T", "TRUE", "true", "True"}:
        found.append("development mode")
    lists = ("TMI_CORS_ALLOWED_ORIGINS", "TMI_OAUTH_CLIENT_CALLBACK_ALLOWLIST")
    found += [f"{name} is empty" for name in lists if not values.get(name)]
    if not (values.get("TMI_ADMIN_PROVIDER") and values.get("TMI_ADMIN_PROVIDER_ID") and values.get("TMI_ADMIN_EMAIL")):
        found.append("no administrator")
    return found
