"""Filter patterns of CloudWatch Logs, evaluated: the part of their language that the program uses.

A pattern in braces compares fields of a line that is JSON with texts in which `*` stands for anything, joined by `&&`
and `||` in parentheses. Whatever else the language has is refused here, so that no pattern passes unread.
Source: Amazon CloudWatch Logs User Guide, filter and pattern syntax; CIS AWS Foundations Benchmark, metric filter for
unauthorized API calls (an asterisk in quotes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Final, TypeAlias, cast

Test: TypeAlias = Callable[[Any], bool]

_TOKEN: Final = re.compile(r'\s*(\(|\)|&&|\|\||=|\$(?:\.\w+)+|"(?:[^"\\]|\\.)*")')


def matches(pattern: str, line: str) -> bool:
    """Whether a line of a log matches a pattern."""
    test = _Conditions(pattern).read()
    try:
        return test(json.loads(line))
    except json.JSONDecodeError:
        return False


class _Conditions:
    """A reader of what stands in braces."""

    def __init__(self, pattern: str) -> None:
        inside = re.fullmatch(r"\{(.*)\}", pattern.strip(), re.DOTALL)
        if inside is None:
            raise ValueError(f"no braces around {pattern}")
        self.left = inside[1].rstrip()

    def read(self) -> Test:
        test = self._either()
        if self.left:
            raise ValueError(f"left over: {self.left}")
        return test

    def _next(self) -> str:
        token = _TOKEN.match(self.left)
        if token is None:
            raise ValueError(f"no token: {self.left}")
        self.left = self.left[token.end() :]
        return token[1]

    def _follows(self, token: str) -> bool:
        if not self.left.lstrip().startswith(token):
            return False
        self._next()
        return True

    def _either(self) -> Test:
        tests = [self._all()]
        while self._follows("||"):
            tests.append(self._all())
        return lambda event: any(test(event) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._follows("&&"):
            tests.append(self._one())
        return lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._follows("("):
            test = self._either()
            if not self._follows(")"):
                raise ValueError(f"no closing parenthesis: {self.left}")
            return test
        field, operator, value = self._next(), self._next(), self._next()
        if not (field.startswith("$") and operator == "=" and value.startswith('"')):
            raise ValueError(f"no comparison: {field} {operator} {value}")
        # Of the wildcards of fnmatch the language has the asterisk alone.
        wanted = re.sub(r"([\[?])", r"[\1]", str(json.loads(value)))
        path = field.split(".")[1:]

        def compared(event: Any) -> bool:  # noqa: ANN401 -- whatever JSON a line holds
            known = _at(event, path)
            return isinstance(known, str) and fnmatchcase(known, wanted)

        return compared


def _at(event: Any, path: list[str]) -> object:  # noqa: ANN401 -- whatever JSON a line holds
    for step in path:
        event = cast("dict[str, Any]", event).get(step) if isinstance(event, dict) else None
    return event
