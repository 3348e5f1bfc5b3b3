"""The pack without anything else of this repository: a copy under another name, with what its requirements name."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

from policy.configuration import SHORTEST_REASON
from policy.facts.tiers import DISPOSABLE, RETIRING, TIER
from policy.rules import RULES
from tests.policy.analyzer import ROOT, running
from tests.policy.program.whole import recorded

PACK: Final = ROOT / "policy"
REQUIREMENTS: Final = [
    Requirement(line) for line in (PACK / "requirements.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"
]
COMES_WITH_THEM: Final = {"google", "grpc"}
"""Packages of what `pulumi` itself requires."""


def required(names: list[Requirement], found: dict[str, Distribution]) -> dict[str, Distribution]:
    """These distributions and all that they require, as they are installed here."""
    for each in names:
        if each.name not in found and (each.marker is None or each.marker.evaluate({"extra": ""})):
            found[each.name] = distribution(each.name)
            required([Requirement(line) for line in found[each.name].requires or ()], found)
    return found


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which the pack's requirements are installed and nothing else."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=True)
    packages = next(home.glob("lib/python*/site-packages"))
    for each in required(REQUIREMENTS, {}).values():
        for top in {file.parts[0] for file in each.files or () if file.parts[0] not in ("..", "__pycache__")}:
            held = packages / top
            if top == "google":  # shared by several distributions
                held.mkdir(exist_ok=True)
                for part in Path(str(each.locate_file(top))).iterdir():
                    _link(held / part.name, part)
            else:
                _link(held, Path(str(each.locate_file(top))))
    return home / "bin" / "python"


def _link(link: Path, to: Path) -> None:
    if not link.exists():
        link.symlink_to(to)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy under another name, beside modules that are called as those of Python are."""
    place = tmp_path_factory.mktemp("program")
    for name in ("secrets", "json", "logging", "components", "tests"):
        (place / f"{name}.py").write_text("raise AssertionError('this is not what the pack means')\n", encoding="utf-8")
    return shutil.copytree(PACK, place / "guard-rails", ignore=shutil.ignore_patterns("__pycache__"))


def test_a_copy_judges_as_the_original_does(python: Path, copy: Path) -> None:
    """Started in its own directory, as an official installation of Pulumi does."""
    with running(".", at=copy, python=str(python)) as pack:
        assert len(pack.info.policies) > len(RULES)
        found = {line.policy for line in pack.judge(recorded(preview=True))}
    assert found == {"open-questions"}


def test_it_needs_what_it_says_and_no_more(python: Path) -> None:
    names = ("pulumi", "pulumi_aws", "pulumi_policy", "pydantic", "pytest")
    listed = f"import importlib.util as u; print([each for each in {names} if u.find_spec(each)])"
    told = subprocess.run([python, "-c", listed], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.strip() == "['pulumi']"


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


def test_it_imports_itself_python_and_its_requirements_alone() -> None:
    known = {"policy", *sys.stdlib_module_names, *COMES_WITH_THEM, *(each.name for each in REQUIREMENTS)}
    found = {name: str(path) for path in PACK.rglob("*.py") for name in imported(path)}
    assert {name: path for name, path in found.items() if name not in known} == {}
    assert {each.name for each in REQUIREMENTS} <= found.keys()


def test_its_requirements_are_those_of_the_project() -> None:
    for each in REQUIREMENTS:
        assert each.specifier.contains(distribution(each.name).version)


def test_its_page_says_what_the_code_says() -> None:
    page = (PACK / "README.md").read_text(encoding="utf-8")
    for tag in (TIER, RETIRING, DISPOSABLE):
        assert f"| `{tag}` |" in page
    assert f"of {SHORTEST_REASON} characters or more" in page
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    for name, setting in json.loads(example).items():
        assert name in {rule.about.id for rule in RULES}
        assert len(setting["reason"]) >= SHORTEST_REASON
