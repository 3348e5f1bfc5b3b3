"""What a runbook has somebody run in the pod of `docs/runbooks/psql.yaml`, run as that pod would run it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final

import yaml

from tests.servers.processes import User, program, run

PAGES: Final = Path(__file__).parents[2] / "docs" / "runbooks"


def _blocks(page: str, language: str) -> list[str]:
    text = (PAGES / f"{page}.md").read_text()
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [block for of_block, block in found if of_block == language]


def commands(page: str) -> list[str]:
    """The commands of a page that are given to the pod, in order, as its shell would get them."""
    whole = "".join(_blocks(page, "")).replace("\\\n", " ")
    return re.findall(r"kubectl -n tmi exec -\w+ psql -- +(.*)", whole)


def statements(page: str) -> list[str]:
    """What a page asks the server, a block each."""
    return _blocks(page, "sql")


def _container() -> dict[str, Any]:
    (container,) = yaml.safe_load((PAGES / "psql.yaml").read_text())["spec"]["containers"]
    return container


def variables() -> dict[str, str]:
    """The environment of the pod."""
    return {entry["name"]: entry["value"] for entry in _container()["env"]}


@dataclass(frozen=True, slots=True)
class ToolsPod:
    """The pod, with a directory for its files."""

    home: Path
    user: User
    port: int
    roots: Path
    """The authorities it trusts."""

    def run(
        self, command: str, *, given: str = "", piped: Path | None = None, **environment: str
    ) -> CompletedProcess[str]:
        """Run a command of a page on the server; `given` is what is typed, `piped` what comes through a pipe."""
        mounts = {mount["name"]: mount["mountPath"] for mount in _container()["volumeMounts"]}
        for name in mounts:
            (self.home / name).mkdir(exist_ok=True)
            self.user.own(self.home / name)

        def placed(text: str) -> str:
            for name, path in mounts.items():
                text = text.replace(f"{path}/", f"{self.home / name}/")
            return text

        given_variables = {name: placed(value) for name, value in variables().items()}
        Path(given_variables["PGSSLROOTCERT"]).write_bytes(self.roots.read_bytes())
        given_variables["PATH"] = f"{Path(program('psql')).parent}{os.pathsep}/usr/bin:/bin"
        command = placed(command).replace("host=ADDRESS", f"host=localhost port={self.port}")
        if piped:
            command = f"{command} < {piped}"
        return run(["bash", "-c", command], user=self.user, environment=given_variables | environment, given=given)

    def copied(self, name: str) -> None:
        """Copy a file of the runbooks to where its page says."""
        files = self.home / "files"
        files.mkdir(exist_ok=True)
        (files / name).write_text((PAGES / name).read_text())
