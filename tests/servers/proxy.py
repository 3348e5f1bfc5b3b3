"""The proxy of TMI's pod as the program declares it, run by a real HAProxy before a Redis and a TMI of a test."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pulumi_kubernetes as kubernetes

from components.server.entrance import HTTPS_PORT
from components.server.haproxy import REDIS_TOKEN_VARIABLE, configuration
from components.settings import parse
from components.tmi_paths import TLS_PATH
from tests.manifests import manifest
from tests.server import REDIS, server
from tests.servers.authority import KeyPair
from tests.servers.processes import User, directory, free_port, program, running, wait_until
from tests.servers.redis import TOKEN, Client
from tests.stack_files import changed

_REDIS_PORT: Final = 6379
_TMI: Final = "127.0.0.1:443 "
_CONFIGURATION: Final = "haproxy.cfg"


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the program says of the proxy."""

    text: str
    command: tuple[str, ...]
    configuration_path: str
    ready_port: int
    ready_path: str


@cache
def _declared() -> _Declared:
    cloud = server()
    pod = manifest(cloud.one(kubernetes.apps.v1.Deployment))["spec"]["template"]["spec"]
    container: dict[str, Any] = next(found for found in pod["initContainers"] if found["name"] == "haproxy")
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "haproxy"]
    ready = container["startupProbe"]["httpGet"]
    return _Declared(
        text=manifest(cloud.one(kubernetes.core.v1.ConfigMap, "server-hub-haproxy"))["data"][_CONFIGURATION],
        command=tuple(container["command"]),
        configuration_path=f"{mount['mountPath']}/{_CONFIGURATION}",
        ready_port=ready["port"],
        ready_path=ready["path"],
    )


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy."""

    port: int
    """Where it takes TMI's connections to Redis."""
    ready_port: int
    https_port: int
    """The way in."""
    log: Path
    process: subprocess.Popen[bytes]

    def connect(self) -> Client:
        """A connection as TMI's, logged in.

        Raises:
            ConnectionError: the proxy has no Redis to lead to.
        """
        client = Client(("127.0.0.1", self.port))
        try:
            client.ask("AUTH", TOKEN)
        except ConnectionError:
            client.close()
            raise
        return client

    @property
    def leads_to_redis(self) -> bool:
        """Whether a new connection reaches a Redis."""
        try:
            with self.connect() as client:
                return client.ask("PING") == "PONG"
        except ConnectionError:
            return False

    @property
    def readiness(self) -> int:
        """The status that the kubelet's startup probe gets."""
        unverified = ssl.create_default_context()
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.ready_port, timeout=10, context=unverified)
        try:
            connection.request("GET", _declared().ready_path)
            return connection.getresponse().status
        finally:
            connection.close()


def _pools() -> str:
    """What a pod of the pool gets, with the settings of the stack whose hub is declared above."""
    settings = parse(changed("dev"))
    return configuration(
        domain=settings.load_balancer.domain,
        origins=settings.server.user_interface_origins,
        body_limit_mib=settings.server.body_limit_mib,
        idle_timeout_seconds=settings.load_balancer.idle_timeout_seconds,
        redis_endpoint=REDIS,
        pool=True,
    )


def _relocated(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"haproxy.cfg says no more {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def proxy(
    user: User,
    certificate: KeyPair,
    *,
    redis_roots: Path,
    redis_port: int,
    name_server_port: int,
    name: str = REDIS,
    tmi_port: int = 443,
    pool: bool = False,
) -> Generator[Proxy]:
    """The proxy with its certificate. Only ports, files, the name server, and for one test Redis' `name`, differ.

    Without a `tmi_port` nothing stands behind its way in. In a `pool` it is that of a pod there.

    The C library is not asked for the name at start: it would ask the machine's own name server.
    """
    declared = _declared()
    ports = {int(port): free_port() for port in re.findall(r"^ +bind \S*?:(\d+)", declared.text, re.MULTILINE)}
    with directory(user) as home:
        tls = home / "tls"
        tls.mkdir(mode=0o755)
        (tls / "tls.crt").write_bytes(certificate.certificate.read_bytes())
        (tls / "haproxy.pem").write_bytes(certificate.certificate.read_bytes() + certificate.key.read_bytes())
        text = _relocated(
            _pools() if pool else declared.text,
            {
                _TMI: f"127.0.0.1:{tmi_port} ",
                f"{REDIS}:{_REDIS_PORT} ": f"{REDIS}:{redis_port} ",
                REDIS: name,
                TLS_PATH: str(tls),
                "@system-ca": str(redis_roots),
                "parse-resolv-conf": f"nameserver test 127.0.0.1:{name_server_port}",
                "init-addr libc,none": "init-addr none",
            },
        )
        text = re.sub(
            r"^( +bind )\S*?:(\d+)",
            lambda found: f"{found[1]}127.0.0.1:{ports[int(found[2])]}",
            text,
            flags=re.MULTILINE,
        )
        configuration = home / _CONFIGURATION
        configuration.write_text(text)
        binary, *arguments = (
            part.replace(declared.configuration_path, str(configuration)) for part in declared.command
        )
        log = home / "log"
        command = [program(binary), *arguments]
        with running(command, user=user, log=log, environment={REDIS_TOKEN_VARIABLE: TOKEN}) as process:
            found = Proxy(ports[_REDIS_PORT], ports[declared.ready_port], ports[HTTPS_PORT], log, process)
            wait_until(lambda: _listens(found), "HAProxy listens", log)
            yield found


def _listens(found: Proxy) -> bool:
    try:
        return found.readiness > 0
    except ConnectionRefusedError:
        return False
