"""What the canary runs each minute: whether TMI says that it is well, and whether it still finds what it keeps.

While PostgreSQL is gone TMI answers most requests with 200 and an empty list, so neither a status code nor a list says
anything: the deep check logs in and reads a threat model that it knows. A check that fails raises, and Synthetics
counts the run as failed; no message holds a secret.

Standard library and boto3 alone, which the runtime has. The zip file is made of this file as it is.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any, cast

TIMEOUT_SECONDS = 10.0
"""For each answer. In an outage of Redis `GET /` takes up to five seconds, and a hung database takes for ever."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes; more is no answer to these requests."""


class CheckFailed(Exception):  # noqa: N818 -- what the console shows of a failed run begins with this name
    """TMI is not well; the message says how that was seen."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is a failure: whatever answers there is not what users meant, and gets no token."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:  # noqa: ANN401 -- not looked at
        return None


def handler(_event: object, _context: object) -> str:
    """What Synthetics calls."""
    return check(
        site=os.environ["SITE"],
        client_id=os.environ["CLIENT_ID"],
        client_secret=_client_secret(os.environ["CLIENT_SECRET_ARN"]),
        threat_model=os.environ["THREAT_MODEL"],
        timeout=TIMEOUT_SECONDS,
    )


def check(*, site: str, client_id: str, client_secret: str, threat_model: str, timeout: float) -> str:
    """The whole check.

    Raises:
        CheckFailed: what is wrong, at the first thing that is.
    """
    status = _object(_answer("health", f"{site}/", timeout)).get("status")
    code = _object(status).get("code")
    if code != "ok":
        raise CheckFailed(f"health: TMI says {code!r} of itself, not 'ok'")
    login = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    form = urllib.parse.urlencode(login).encode()
    token = _object(_answer("login", f"{site}/oauth2/token", timeout, body=form)).get("access_token")
    if not isinstance(token, str) or not token:
        raise CheckFailed("login: the answer holds no access token")
    address = f"{site}/threat_models/{urllib.parse.quote(threat_model, safe='')}"
    found = _object(_answer("read", address, timeout, token=token)).get("id")
    if found != threat_model:
        raise CheckFailed("read: the known threat model is not in the answer")
    return "TMI is well, and the known threat model is there"


def _answer(step: str, address: str, timeout: float, *, body: bytes | None = None, token: str = "") -> object:
    headers = {"Accept": "application/json", "User-Agent": "tmi-deep-check"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 -- https, by the settings
    started = time.monotonic()
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout) as response:
            content = response.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        raise CheckFailed(f"{step}: answered {error.code}") from None
    except (OSError, ValueError) as error:
        # From None, and by its type and reason alone: the request with its headers must not be in the report.
        raise CheckFailed(f"{step}: no answer ({type(error).__name__}: {getattr(error, 'reason', error)})") from None
    _log(step=step, milliseconds=round(1000 * (time.monotonic() - started)))
    try:
        return json.loads(content)
    except ValueError:
        raise CheckFailed(f"{step}: the answer is no JSON") from None


def _object(value: object) -> Mapping[str, Any]:
    """What should be an object; an empty one where it is anything else, such as an empty list."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _client_secret(arn: str) -> str:
    manager = importlib.import_module("boto3").client("secretsmanager")
    return str(manager.get_secret_value(SecretId=arn)["SecretString"])


def _log(**fields: object) -> None:
    sys.stdout.write(json.dumps({"check": "deep", **fields}) + "\n")
