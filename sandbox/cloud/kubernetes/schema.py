"""Objects against their schemas: Kubernetes' own at the cluster's version, and those of EKS's custom resources.

Kubernetes' schemas come with the package kubernetes-validate, in their strict form, which refuses unknown fields. Its
own entry point reads 1.6 MB of definitions for every object; here the validators are made once for each kind.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import jsonschema
from kubernetes_validate import utils as published
from referencing import Registry, Resource

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.kubernetes.objects import kind_of
from sandbox.cloud.values import UNKNOWN, Properties, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

OWN: Final = Path(__file__).parent / "schemas"


@cache
def supported_versions() -> tuple[str, ...]:
    """Give the Kubernetes versions whose schemas are known (``1.36``), oldest first."""
    return tuple(dict.fromkeys(published.major_minor(version) for version in published.all_versions()))


def schema_version(wanted: str | None) -> str:
    """Choose the newest known version that is not newer than the wanted one."""
    number = _number(wanted) if wanted else (99, 99)
    return [version for version in supported_versions() if _number(version) <= number][-1]


def _number(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


@cache
def _registry(version: str) -> Registry[Any]:
    definitions = published.schema_contents(f"{_folder(version)}/_definitions.json", version)
    empty: Registry[Any] = Registry()
    return Resource.from_contents(definitions) @ empty


def _folder(version: str) -> str:
    return f"kubernetes-json-schema/v{version}.0-local-strict"


@cache
def _validator(version: str, api_version: str, kind: str) -> jsonschema.Draft202012Validator | None:
    own = OWN / f"{api_version.replace('/', '-')}-{kind.lower()}.json"
    if own.exists():
        return jsonschema.Draft202012Validator(json.loads(own.read_text()))
    # The files are named by the first label of the group: deployment-apps-v1, role-rbac-v1, namespace-v1.
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    try:
        schema = published.schema_contents(f"{_folder(version)}/{kind.lower()}-{group}.json", version)
    except FileNotFoundError:
        return None
    registry = Resource.from_contents(schema) @ _registry(version)
    return jsonschema.Draft202012Validator(schema, registry=registry)


def check_schema(object_: Properties, version: str) -> Iterator[Failure]:
    """Refuse a kind that the cluster does not serve, and fields that its schema does not allow."""
    api_version = str(object_.get("apiVersion", ""))
    validator = _validator(version, api_version, kind_of(object_))
    if validator is None:
        kind = f"{api_version} {kind_of(object_)}"
        yield Failure(
            "kind", f"{kind} is not served by Kubernetes {version}, and no CustomResourceDefinition defines it"
        )
        return
    # jsonschema is typed for JSON alone; an unknown value is no JSON, and what is said of it is dropped below.
    errors: list[ValidationError] = list(cast("Any", validator).iter_errors(reveal(object_)))
    # A rule that several properties break gives an error for each of them, all alike.
    yield from dict.fromkeys(
        Failure(error.json_path.removeprefix("$").removeprefix("."), _rule(error))
        for error in sorted(errors, key=lambda error: error.json_path)
        if not _is_about_unknown(error)
    )


def _is_about_unknown(error: ValidationError) -> bool:
    """Say whether a value is refused only because it is not known yet."""
    if error.instance is UNKNOWN:
        return True
    return bool(error.context) and all(_is_about_unknown(part) for part in error.context or ())


def _rule(error: ValidationError) -> str:
    """Say what was broken without quoting the value, which may be secret."""
    # jsonschema annotates these as unset until a validator has set them; an error that it yields has them all.
    instance, rule = cast("Any", error.instance), cast("Any", error.validator_value)
    match error.validator:
        case "additionalProperties":
            known = sorted(cast("dict[str, Any]", error.schema).get("properties", {}))
            return f"unknown field {', '.join(sorted(set(instance) - set(known)))}; known are {', '.join(known)}"
        case "required":
            return f"missing: {', '.join(name for name in rule if name not in instance)}"
        case "type":
            wanted = [rule] if isinstance(rule, str) else rule
            return f"must be {' or '.join(name for name in wanted if name != 'null')}"
        case "oneOf" | "anyOf":
            return " or ".join(dict.fromkeys(_rule(part) for part in error.context or ()))
        case keyword:
            return f"must satisfy {keyword} {rule}"
