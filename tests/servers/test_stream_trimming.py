"""The job that cuts TMI's event stream, run as its container would run it, on a real Redis over TLS."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from components.server.stream_trimming import NAME, STREAM, script
from tests.servers.authority import Authority
from tests.servers.processes import User, directory, free_port, run
from tests.servers.redis import TOKEN, Redis, redis

LONGEST = 1000


@pytest.fixture
def primary(user: User, authority: Authority) -> Iterator[Redis]:
    with redis(user, authority.certify("localhost"), address="127.0.0.1", port=free_port()) as server:
        yield server


def trim(user: User, server: Redis, roots: Path, token: str = TOKEN) -> CompletedProcess[str]:
    with directory(user) as home:
        (home / "trim.sh").write_text(script())
        (home / "redis-token").write_text(token)
        shutil.copy(roots, home / "roots.pem")
        environment = {
            "PATH": os.environ["PATH"],
            "REDIS_HOST": "localhost",
            "REDIS_PORT": str(server.port),
            "SECRETS": str(home),
            "STREAM": STREAM,
            "LONGEST": str(LONGEST),
            # In the image the public authorities stand where openssl looks by itself.
            "SSL_CERT_FILE": str(home / "roots.pem"),
            "SSL_CERT_DIR": str(home / "none"),
        }
        user.own(*home.iterdir())
        return run(["bash", str(home / "trim.sh")], user=user, environment=environment)


def fill(server: Redis, events: int) -> None:
    for number in range(1, events + 1):
        server.ask("XADD", STREAM, f"{number}-1", "type", "threat_model.updated")


def test_the_newest_events_stay(user: User, authority: Authority, primary: Redis) -> None:
    fill(primary, 3 * LONGEST)
    job = trim(user, primary, authority.roots)
    assert job.returncode == 0, job.stdout
    left = primary.ask("XLEN", STREAM)
    assert isinstance(left, int)
    # Redis drops whole blocks of a hundred.
    assert LONGEST <= left < LONGEST + 200
    newest = primary.ask("XREVRANGE", STREAM, "+", "-", "COUNT", "1")
    assert newest == [[f"{3 * LONGEST}-1", ["type", "threat_model.updated"]]]
    assert trim(user, primary, authority.roots).returncode == 0
    assert TOKEN not in job.stdout
    assert last_line(job) == {"job": NAME, "outcome": "done", "length": 3 * LONGEST}


def last_line(job: CompletedProcess[str]) -> object:
    """What CloudWatch counts."""
    return json.loads(job.stdout.splitlines()[-1])


def test_a_stream_that_nobody_wrote_yet_is_fine(user: User, authority: Authority, primary: Redis) -> None:
    job = trim(user, primary, authority.roots)
    assert (job.returncode, "XTRIM: :0" in job.stdout) == (0, True)
    assert primary.ask("EXISTS", STREAM) == 0
    assert last_line(job) == {"job": NAME, "outcome": "done", "length": 0}


def test_a_wrong_token_fails_the_job(user: User, authority: Authority, primary: Redis) -> None:
    fill(primary, 2)
    job = trim(user, primary, authority.roots, token="x" * 48)
    assert job.returncode != 0
    assert "Redis refused AUTH" in job.stdout
    assert "x" * 48 not in job.stdout


def test_a_key_of_another_kind_fails_the_job(user: User, authority: Authority, primary: Redis) -> None:
    primary.ask("SET", STREAM, "no stream")
    job = trim(user, primary, authority.roots)
    assert job.returncode != 0
    assert "Redis refused XLEN" in job.stdout


def test_a_redis_of_another_authority_never_hears_the_token(user: User, strangers: Authority, primary: Redis) -> None:
    fill(primary, 2 * LONGEST)
    job = trim(user, primary, strangers.roots)
    assert job.returncode != 0
    assert primary.ask("XLEN", STREAM) == 2 * LONGEST


def test_a_redis_of_another_name_never_hears_the_token(user: User, authority: Authority) -> None:
    with redis(user, authority.certify("other.example.com"), address="127.0.0.1", port=free_port()) as server:
        fill(server, 2 * LONGEST)
        job = trim(user, server, authority.roots)
        assert job.returncode != 0
        assert server.ask("XLEN", STREAM) == 2 * LONGEST
