"""Manifests: no credential stands in what everybody can read who may look at an object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.pods import POD_TYPES, Container, manifests, pods, tokens
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements, present, read

_CONFIG_MAPS: Final = tokens("core/v1:ConfigMap")
_SECRETS: Final = tokens("core/v1:Secret")

_SECRET_NAME: Final = re.compile(
    r".*(?:passw(?:or)?d|passphrase|secret|token|credentials?)"
    r"|.*(?:api|access|private|secret|encryption|signing|master)(?:|[^a-z]|[^a-z].{0,60}[^a-z])key",
    re.IGNORECASE,
)
"""A name that ends as names of credentials do; TOKEN_URL or TLS_KEY_FILE, which only speak of one, end otherwise."""
_REFERENCE: Final = re.compile(r"|\s*(?:/\S*|(?:file|env|vault)://\S*|true|false|-?\d{1,9})\s*", re.IGNORECASE)
"""Not a credential but where one is, or a switch: a path, a reference that TMI resolves, a flag, a small number."""
_CREDENTIAL: Final = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@$<{%\[]*:[^\s:/@$<{%\[]+@",
    re.IGNORECASE,
)
"""A private key in PEM, the id of an access key of AWS, a URL with a password: credentials under whatever name."""
_BY_THE_CLUSTER: Final = ("kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token")


def manifests_without_secrets(resource: Resource) -> Iterator[Violation]:
    """No variable, argument or ConfigMap holds a credential; no Secret has its values from the program."""
    if resource.type in _SECRETS:
        for each in manifests(resource):
            values = present(each.get("data")) or present(each.get("stringData"))
            if values and each.get("type") not in _BY_THE_CLUSTER:
                yield Violation(resource, "it holds values of the program, which stay in the state and in the cluster")
    elif resource.type in _CONFIG_MAPS:
        for each in manifests(resource):
            entries = each.get("data")
            for number, (name, value) in enumerate(entries.items() if isinstance(entries, Mapping) else (), start=1):
                if _is_credential(name, value):
                    yield Violation(resource, f"data, entry number {number}: it holds a credential")
    else:
        for pod in pods(resource):
            for container in pod.containers():
                yield from (Violation(resource, f"{container.where}: {fault}") for fault in _told(container))


def _told(container: Container) -> Iterator[str]:
    for number, each in enumerate(elements(container.get("env")), start=1):
        if _is_credential(read(each, "name"), read(each, "value")):
            yield f"env, number {number}: it holds a credential"
    if any(_reads_as_one(each) for name in ("command", "args") for each in elements(container.get(name))):
        yield "its command or arguments hold a credential"
    if any(present(read(each, "secretRef")) for each in elements(container.get("envFrom"))):
        yield "envFrom hands it every key of a Secret; name those that it needs"


def _is_credential(name: Plain, value: Plain) -> bool:
    """Whether a value is one: by its own looks, or because it is called so and is no reference to one."""
    called_so = isinstance(name, str) and _SECRET_NAME.fullmatch(name) is not None
    if isinstance(value, str):
        return _reads_as_one(value) or (called_so and not _REFERENCE.fullmatch(value))
    return called_so and value is UNKNOWN


def _reads_as_one(value: Plain) -> bool:
    return isinstance(value, str) and _CREDENTIAL.search(value) is not None


MANIFESTS_WITHOUT_SECRETS: Final = ResourceRule(
    about=Description(
        id="manifests-without-secrets",
        title="No credential stands in a pod, a ConfigMap or a Secret of the program",
        severity=Severity.HIGH,
        frameworks=("CIS EKS 4.4.1", "CIS EKS 4.4.2", "NSA secrets"),
        why="Whoever may look at a pod or a ConfigMap reads what is in it, and so does whoever reads the state.",
        remediation="Keep it in Secrets Manager and mount it as a file; where a program reads nothing but variables, "
        "let the driver copy it to a Secret and name its key in secretKeyRef.",
    ),
    types=POD_TYPES | _CONFIG_MAPS | _SECRETS,
    check=manifests_without_secrets,
)
