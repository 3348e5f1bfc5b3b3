"""The scripts of the dump with stand-ins for PostgreSQL's tools and for S3: half a dump never looks like a whole one.

What pg_dump and pg_restore do by themselves is tested on a real server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.server.dump_pod import files

DUMP = b"PGDMP" + bytes(range(256)) * 2000
TOOLS = {
    "pg_dump": 'cat "$STORE/database"; exit "${PG_DUMP_EXIT:-0}"',
    # As the real one: an archive that is cut off is an error.
    "pg_restore": 'cmp --silent - "$STORE/database"',
    # `aws s3 cp [options] SOURCE TARGET`, with directories for prefixes.
    "aws": """\
for target; do source=${last:-}; last=$target; done
name() { echo "$STORE/${1#s3://bucket/}"; }
[ "${FAIL_AT:-}" != "$source" ] || exit 1
if [ "$source" = - ]; then cat > "$(name "$target")"; else cp "$(name "$source")" "$(name "$target")"; fi
""",
}


@dataclass(frozen=True)
class Outcome:
    """How both scripts ended, what they said, and what S3 then has."""

    dump: int
    upload: int
    said: str
    incoming: list[bytes]
    dumps: list[bytes]


def rehearse(directory: Path, tools: Mapping[str, str] | None = None, **environment: str) -> Outcome:
    """Run both scripts beside each other, as the pod does."""
    for part in ("bin", "scripts", "secrets", "work", "store/incoming", "store/dumps"):
        (directory / part).mkdir(parents=True)
    for name, text in {**TOOLS, **(tools or {})}.items():
        tool = directory / "bin" / name
        tool.write_text(f"#!/bin/bash\n{text}\n")
        tool.chmod(0o755)
    for name, text in files().items():
        (directory / "scripts" / name).write_text(text)
    (directory / "secrets" / "owner-password").write_text("password-of-a-test")
    (directory / "store" / "database").write_bytes(DUMP)
    variables = {
        **environment,
        "PATH": f"{directory / 'bin'}:{os.environ['PATH']}",
        "WORK": str(directory / "work"),
        "SECRETS": str(directory / "secrets"),
        "STORE": str(directory / "store"),
        "BUCKET": "bucket",
    }

    def start(shell: str, script: str) -> subprocess.Popen[bytes]:
        program = shutil.which(shell)
        assert program is not None
        return subprocess.Popen(  # noqa: S603 -- the scripts under test
            [program, str(directory / "scripts" / script)],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    with start("sh", "upload.sh") as upload, start("bash", "dump.sh") as dump:
        try:
            said = b"".join(process.communicate(timeout=20)[0] for process in (dump, upload))
        finally:  # what waits for ever is a failure of the test, not of the machine
            for process in (dump, upload):
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    stored = {part: [f.read_bytes() for f in (directory / "store" / part).iterdir()] for part in ("incoming", "dumps")}
    return Outcome(dump.returncode, upload.returncode, said.decode(), stored["incoming"], stored["dumps"])


def test_a_whole_dump_ends_where_whole_dumps_are(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path)
    assert (outcome.dump, outcome.upload, outcome.said) == (0, 0, '{"job":"tmi-database-dump","outcome":"done"}\n')
    assert outcome.dumps == [DUMP]


CUT_OFF = {"pg_dump": 'head --bytes=1000 "$STORE/database"'}


@pytest.mark.parametrize(
    ("tools", "environment"),
    [
        pytest.param({}, {"PG_DUMP_EXIT": "1"}, id="pg_dump-fails-at-the-end"),
        pytest.param({"pg_dump": f"{CUT_OFF['pg_dump']}; exit 1"}, {}, id="pg_dump-fails-in-the-middle"),
        pytest.param({"pg_dump": f"{CUT_OFF['pg_dump']}; kill -KILL $$"}, {}, id="pg_dump-is-killed"),
        pytest.param(CUT_OFF, {}, id="pg_dump-says-nothing-of-what-is-missing"),
        pytest.param({"pg_dump": f"{CUT_OFF['pg_dump']}; kill -KILL $PPID"}, {}, id="the-whole-script-is-killed"),
        pytest.param({"pg_restore": "cat > /dev/null; exit 1"}, {}, id="pg_restore-cannot-read-it"),
    ],
)
def test_half_a_dump_stays_where_it_came_in(tmp_path: Path, tools: dict[str, str], environment: dict[str, str]) -> None:
    outcome = rehearse(tmp_path, tools, **environment)
    assert outcome.dump != 0
    assert outcome.upload != 0
    assert outcome.dumps == []
    assert "the dump is not whole" in outcome.said
    assert "done" not in outcome.said


def test_an_upload_that_fails_ends_the_dump_too(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path, FAIL_AT="-")
    assert outcome.upload != 0
    assert outcome.dump != 0
    assert (outcome.incoming, outcome.dumps) == ([], [])


def test_a_password_that_is_not_there_ends_both(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path, {"cat": '[ "${1##*/}" != owner-password ] && exec /bin/cat "$@"'})
    assert outcome.dump != 0
    assert outcome.upload != 0
    assert outcome.dumps == []


def test_no_password_is_said_or_given_on_a_command_line(tmp_path: Path) -> None:
    tools = {"pg_dump": 'echo "$0 $*" >> "$STORE/seen"; cat "$STORE/database"'}
    outcome = rehearse(tmp_path, tools)
    assert outcome.upload == 0
    seen = (tmp_path / "store" / "seen").read_text()
    assert "--format=custom" in seen
    assert "password-of-a-test" not in seen + outcome.said
