"""The canary's script against a stand-in for TMI: it passes when all is well, and says what is not."""

from __future__ import annotations

import importlib.util
import json
import ssl
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from components.monitoring.canary import SCRIPT
from tests.servers.authority import Authority

MODEL = "11111111-1111-4111-8111-111111111111"
CLIENT = "tmi_cc_0000000000000000000000"
SECRET = "canary-secret-of-a-test"  # noqa: S105 -- of a test
TOKEN = "token-of-a-test"  # noqa: S105 -- of a test
OK = {"status": {"code": "ok", "time": "2026-11-28T12:00:00Z"}, "service": {"name": "TMI"}}


@dataclass
class StandIn:
    """What TMI answers, by method and path; each a status and a body, or something that takes its time."""

    address: str = ""
    answers: dict[str, tuple[int, object]] = field(default_factory=dict[str, tuple[int, object]])
    slow: str = ""
    """The path that has no answer for a while."""
    seen: list[str] = field(default_factory=list[str])
    agents: set[str] = field(default_factory=set[str])

    def well(self) -> None:
        """As TMI answers when all is well."""
        self.slow = ""
        self.seen, self.agents = [], set()
        self.answers = {
            "GET /": (200, OK),
            "POST /oauth2/token": (200, {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600}),
            f"GET /threat_models/{MODEL}": (200, {"id": MODEL, "name": "The known one"}),
        }


def _handler(tmi: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            authorized = self.path == "/" or self.headers["Authorization"] == f"Bearer {TOKEN}"
            self._answer("GET", allowed=authorized)

        def do_POST(self) -> None:
            form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert form["grant_type"] == ["client_credentials"]
            self._answer("POST", allowed=(form["client_id"], form["client_secret"]) == ([CLIENT], [SECRET]))

        def _answer(self, method: str, *, allowed: bool) -> None:
            tmi.seen.append(f"{method} {self.path}")
            tmi.agents.add(self.headers["User-Agent"])
            if self.path == tmi.slow:
                time.sleep(1)
            refused = (401, {"error": "invalid_client"})
            status, body = tmi.answers.get(f"{method} {self.path}", (404, {})) if allowed else refused
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", f"{tmi.address}/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
            del format, args

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that went away, or refused the certificate, are what is tested."""


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[StandIn]:
    tmi = StandIn()
    http = _Server(("127.0.0.1", 0), _handler(tmi))
    pair = authority.certify("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    tmi.address = f"https://localhost:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield tmi
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def tmi(server: StandIn, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.roots))
    server.well()
    return server


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The file itself, loaded by its name as Lambda does."""
    spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Check = Callable[..., str]


@pytest.fixture
def check(tmi: StandIn, script: ModuleType) -> Check:
    def checked(**changed: object) -> str:
        usual = {"client_id": CLIENT, "client_secret": SECRET, "threat_model": MODEL, "timeout": 5.0}
        return str(script.check(**{"site": tmi.address, **usual, **changed}))

    return checked


def failure(check: Check, script: ModuleType, **changed: object) -> str:
    """What a failed run says."""
    with pytest.raises(script.CheckFailed) as failed:
        check(**changed)
    hidden = failed.value.__context__ is None or failed.value.__suppress_context__
    assert hidden, "what the error came from may hold a header"
    text = str(failed.value)
    assert not [secret for secret in (SECRET, TOKEN) if secret in text]
    return text


def test_a_healthy_tmi_passes(check: Check, tmi: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == "TMI is well, and the known threat model is there"
    assert tmi.seen == ["GET /", "POST /oauth2/token", f"GET /threat_models/{MODEL}"]
    # The web firewall refuses requests without one.
    assert tmi.agents == {"tmi-deep-check"}
    logged = capsys.readouterr().out
    assert [json.loads(line)["step"] for line in logged.splitlines()] == ["health", "login", "read"]
    assert not [secret for secret in (SECRET, TOKEN) if secret in logged]


@pytest.mark.parametrize("code", ["degraded", "OK", "error", None])
def test_a_tmi_that_is_not_well_fails(check: Check, script: ModuleType, tmi: StandIn, code: str | None) -> None:
    tmi.answers["GET /"] = (200, {"status": {"code": code}})
    assert failure(check, script).endswith(f"health: TMI says {code!r} of itself, not 'ok'")
    assert tmi.seen == ["GET /"]


@pytest.mark.parametrize("body", [{}, [], {"status": "ok"}, "<html>ok</html>", ""])
def test_a_health_that_says_nothing_fails(check: Check, script: ModuleType, tmi: StandIn, body: object) -> None:
    tmi.answers["GET /"] = (200, body)
    assert failure(check, script).startswith("health: ")


@pytest.mark.parametrize("body", [[], {}, {"threat_models": [], "total": 0}, {"id": "another"}, {"id": None}])
def test_an_empty_answer_in_place_of_the_known_one_fails(
    check: Check, script: ModuleType, tmi: StandIn, body: object
) -> None:
    tmi.answers[f"GET /threat_models/{MODEL}"] = (200, body)
    assert failure(check, script) == "read: the known threat model is not in the answer"


def test_a_threat_model_that_is_gone_fails(check: Check, script: ModuleType, tmi: StandIn) -> None:
    del tmi.answers[f"GET /threat_models/{MODEL}"]
    assert failure(check, script) == "read: answered 404"


def test_a_refused_login_fails(check: Check, script: ModuleType) -> None:
    assert failure(check, script, client_secret="of-somebody-else") == "login: answered 401"  # noqa: S106 -- of a test


def test_a_login_without_a_token_fails(check: Check, script: ModuleType, tmi: StandIn) -> None:
    tmi.answers["POST /oauth2/token"] = (200, {"access_token": ""})
    assert failure(check, script) == "login: the answer holds no access token"


def test_a_token_that_is_refused_fails(check: Check, script: ModuleType, tmi: StandIn) -> None:
    tmi.answers["POST /oauth2/token"] = (200, {"access_token": "expired"})
    assert failure(check, script) == "read: answered 401"


@pytest.mark.parametrize(
    ("path", "step"), [("/", "health"), ("/oauth2/token", "login"), (f"/threat_models/{MODEL}", "read")]
)
def test_no_answer_in_time_fails(check: Check, script: ModuleType, tmi: StandIn, path: str, step: str) -> None:
    tmi.slow = path
    assert failure(check, script, timeout=0.2).startswith(f"{step}: no answer (")


def test_nobody_there_fails(check: Check, script: ModuleType) -> None:
    assert failure(check, script, site="https://localhost:1").startswith("health: no answer (")


def test_a_redirect_gets_no_token(check: Check, script: ModuleType, tmi: StandIn) -> None:
    tmi.answers[f"GET /threat_models/{MODEL}"] = (302, {})
    tmi.answers["GET /elsewhere"] = (200, {"id": MODEL})
    assert failure(check, script) == "read: answered 302"
    assert "GET /elsewhere" not in tmi.seen


def test_a_certificate_of_strangers_fails(
    check: Check, script: ModuleType, strangers: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(strangers.roots))
    text = failure(check, script)
    assert text.startswith("health: no answer (")
    assert "CERTIFICATE_VERIFY_FAILED" in text


def test_the_handler_takes_its_secret_from_secrets_manager(
    tmi: StandIn, script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []

    def get_secret_value(**arguments: str) -> dict[str, str]:
        asked.append(arguments)
        return {"SecretString": SECRET}

    def client(service: str) -> Any:  # noqa: ANN401 -- boto3's
        assert service == "secretsmanager"
        return SimpleNamespace(get_secret_value=get_secret_value)

    monkeypatch.setitem(sys.modules, "boto3", SimpleNamespace(client=client))
    environment = {"SITE": tmi.address, "CLIENT_ID": CLIENT, "CLIENT_SECRET_ARN": "arn:secret", "THREAT_MODEL": MODEL}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert script.handler({}, None) == "TMI is well, and the known threat model is there"
    assert asked == [{"SecretId": "arn:secret"}]


def test_the_script_is_one_file() -> None:
    assert [path.name for path in Path(SCRIPT).parent.glob("*.*")] == ["deep_check.py"]
