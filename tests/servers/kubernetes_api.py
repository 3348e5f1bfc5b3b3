"""A Kubernetes API of a test, over TLS on loopback. It knows one Deployment, and rolls out a pod at each question."""

from __future__ import annotations

import copy
import json
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from tests.servers.authority import KeyPair

PATH: Final = "/apis/apps/v1/namespaces/tmi/deployments/tmi-hub"
STUCK: Final = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
_CONFLICT, _UNAUTHORIZED, _NOT_FOUND, _UNSUPPORTED, _BUSY = 409, 401, 404, 415, 503


def deployment(replicas: int) -> dict[str, Any]:
    """A Deployment whose pods all serve, with a condition of an earlier rollout as Kubernetes leaves it."""
    return {
        "metadata": {"name": "tmi-hub", "generation": 3, "resourceVersion": "100"},
        "spec": {
            "replicas": replicas,
            "template": {"metadata": {"annotations": {"kept": "yes"}}, "spec": {"containers": [{"image": "tmi:1"}]}},
        },
        "status": {
            "observedGeneration": 3,
            # Kubernetes leaves counts of zero out.
            **(dict.fromkeys(("replicas", "updatedReplicas", "availableReplicas"), replicas) if replicas else {}),
            "conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}],
        },
    }


@dataclass
class KubernetesApi:
    """What the API holds and was asked."""

    object: dict[str, Any]
    token: str = "token-of-a-pod"  # noqa: S105 -- of a test
    port: int = 0
    busy: int = 0
    """How many questions it is too busy for."""
    ready: bool = True
    """Whether new pods become ready."""
    before_patch: Callable[[], None] = lambda: None
    """What happens between a client's question and its change."""
    after_answer: Callable[[], None] = lambda: None
    """What happens once it has answered."""
    heard: list[str] = field(default_factory=list[str])
    """Every token that was sent."""
    patches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Every change that was made."""
    managers: list[str] = field(default_factory=list[str])
    """In whose name."""
    settled_at_patch: list[bool] = field(default_factory=list[bool])
    """Whether all pods were of the newest template then."""

    @property
    def settled(self) -> bool:
        """Whether no rollout is under way."""
        status, wanted = self.object["status"], self.object["spec"]["replicas"]
        counts = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")}
        return counts == {wanted} and status["observedGeneration"] == self.object["metadata"]["generation"]

    def begin(self) -> None:
        """A rollout: the template has changed, and the controller has not seen it yet."""
        metadata = self.object["metadata"]
        metadata["generation"] += 1
        metadata["resourceVersion"] = str(int(metadata["resourceVersion"]) + 1)

    def advance(self) -> None:
        """The controller and the pods do the next thing."""
        status, metadata = self.object["status"], self.object["metadata"]
        if status["observedGeneration"] != metadata["generation"]:
            status["observedGeneration"] = metadata["generation"]
            status.pop("updatedReplicas", None)
        elif not self.settled:
            if self.ready:
                status["updatedReplicas"] = status.get("updatedReplicas", 0) + 1
            else:
                status["conditions"] = [STUCK]

    def get(self) -> dict[str, Any]:
        """The Deployment; what happens next, happens after that."""
        answer = copy.deepcopy(self.object)
        self.advance()
        return answer

    def patch(self, change: dict[str, Any], manager: str) -> int:
        """Change the Deployment, if it is still what the client saw."""
        self.before_patch()
        if change["metadata"]["resourceVersion"] != self.object["metadata"]["resourceVersion"]:
            return _CONFLICT
        self.settled_at_patch.append(self.settled)
        self.patches.append(change)
        self.managers.append(manager)
        self.object["spec"]["template"]["metadata"]["annotations"] |= change["spec"]["template"]["metadata"][
            "annotations"
        ]
        self.begin()
        return 200


class _Handler(BaseHTTPRequestHandler):
    api: KubernetesApi

    def do_GET(self) -> None:
        refused = self._refusal()
        self._answer(refused or 200, {} if refused else self.api.get())

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refused = self._refusal()
        if not refused and self.headers["Content-Type"] != "application/merge-patch+json":
            refused = _UNSUPPORTED
        query = urlsplit(self.path).query
        self._answer(refused or self.api.patch(json.loads(body), query), self.api.object)

    def _refusal(self) -> int:
        self.api.heard.append(self.headers.get("Authorization", ""))
        if self.api.busy:
            self.api.busy -= 1
            return _BUSY
        if self.headers.get("Authorization") != f"Bearer {self.api.token}":
            return _UNAUTHORIZED
        return 0 if urlsplit(self.path).path == PATH else _NOT_FOUND

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.api.after_answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        """Nothing: the test asks what it wants to know."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the test."""


@contextmanager
def kubernetes_api(certificate: KeyPair, api: KubernetesApi) -> Generator[KubernetesApi]:
    """The API with this certificate, on a port of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    handler = type("Handler", (_Handler,), {"api": api})
    with _Server(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        api.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
