"""Front door: certificates that are proved and cover the names, and balancers that harden and record what comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.data.buckets import BUCKETS
from policy.rules.edge.transport import LISTENER_RULES, LISTENERS, TARGET_GROUPS
from policy.values import UNKNOWN, Plain, elements, present, read, show

_CERTIFICATE: Final = "aws:acm/certificate:Certificate"
_VALIDATION: Final = "aws:acm/certificateValidation:CertificateValidation"
_LISTENER_CERTIFICATES: Final = tuple(
    f"aws:{spelling}/listenerCertificate:ListenerCertificate" for spelling in ("lb", "alb")
)
_RECORD: Final = "aws:route53/record:Record"
_STRONG_KEYS: Final = (None, "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def certificates_proved(graph: Graph) -> Iterator[Finding]:
    """Each certificate is proved by DNS, awaited by its listeners, and covers the names that lead to them."""
    for certificate in graph.of_type(_CERTIFICATE):
        yield from _unproved(graph, certificate)
    for balancer in graph.of_type(*BALANCERS):
        listeners = [each for each in graph.referring(balancer, "loadBalancerArn", *LISTENERS) if _is_tls(each)]
        if not listeners:
            yield Violation(balancer, "it has no listener that speaks TLS")
        certificates = [each for listener in listeners for each in _certificates(graph, listener)]
        for listener in listeners:
            if present(listener.get("certificateArn")) and not _certificates(graph, listener) and not _given(listener):
                yield Violation(listener, "certificateArn must come from the validation of a certificate of this stack")
        if any(map(_given, listeners)):
            continue  # its names are known where it was made
        names = [name for certificate in certificates for name in _names(certificate)]
        for record in graph.referring(balancer, "aliases", _RECORD):
            if record.get("name") is UNKNOWN or UNKNOWN in names:
                yield Undecided(record, "whether a certificate covers its name")
            elif not any(_covers(name, record.get("name")) for name in names):
                yield Violation(record, f"no certificate of {balancer.name}'s listeners covers its name")


def _unproved(graph: Graph, certificate: Resource) -> Iterator[Violation]:
    if certificate.get("validationMethod") != "DNS":  # absent: an imported one, which nobody renews
        yield Violation(certificate, f"validationMethod is {show(certificate.get('validationMethod'))}; it must be DNS")
    if certificate.get("keyAlgorithm") not in _STRONG_KEYS:  # absent: RSA_2048
        yield Violation(certificate, "keyAlgorithm must be RSA of 2048 bits or more, or elliptic")
    validations = graph.referring(certificate, "certificateArn", _VALIDATION)
    if not validations:
        yield Violation(certificate, "no CertificateValidation waits until it is issued")
    # A wildcard and the name below which it stands are proved by one record.
    proofs = {name.removeprefix("*.") for name in _names(certificate) if isinstance(name, str)}
    for validation in validations:
        # What a certificate itself says proves it too: records that one of another region put there before. ACM waits
        # for them, and nothing uses a certificate before its validation.
        by_records = graph.references(validation, "validationRecordFqdns", {_RECORD, _CERTIFICATE})
        if not by_records or len(elements(validation.get("validationRecordFqdns"))) < len(proofs):
            yield Violation(validation, "validationRecordFqdns must come from records of this stack, one a name")


def _given(listener: Resource) -> bool:
    """Whether its certificate is named by ARN: another stack proved it, and ELB takes none that is not issued."""
    arn = listener.get("certificateArn")
    made_here = listener.dependencies.get("certificateArn")
    return isinstance(arn, str) and arn.startswith("arn:aws:acm:") and not made_here


def _is_tls(listener: Resource) -> bool:
    return listener.get("protocol") in ("HTTPS", "TLS")


def _certificates(graph: Graph, listener: Resource) -> list[Resource]:
    """The certificates of a listener that are proved before it is made, those for further names among them."""
    holders = [listener, *graph.referring(listener, "listenerArn", *_LISTENER_CERTIFICATES)]
    validations = [each for holder in holders for each in graph.references(holder, "certificateArn", {_VALIDATION})]
    return [
        each for validation in validations for each in graph.references(validation, "certificateArn", {_CERTIFICATE})
    ]


def _names(certificate: Resource) -> list[Plain]:
    return [certificate.get("domainName"), *elements(certificate.get("subjectAlternativeNames"))]


def _covers(pattern: Plain, name: Plain) -> bool:
    """Whether a name of a certificate covers a host name; a wildcard is one label."""
    if not isinstance(pattern, str) or not isinstance(name, str):
        return False
    host = name.rstrip(".").lower()
    wanted = pattern.lower()
    return host == wanted or (wanted.startswith("*.") and host.partition(".")[2] == wanted[2:])


def listeners_forward_by_tls(graph: Graph) -> Iterator[Violation]:
    """What comes in is handed on to HTTPS target groups of the stack, and never redirected to plain HTTP."""
    held = [(listener, "defaultActions") for listener in graph.of_type(*LISTENERS)]
    held += [(rule, "actions") for rule in graph.of_type(*LISTENER_RULES)]
    for holder, name in held:
        actions = elements(holder.get(name))
        groups = graph.references(holder, name, TARGET_GROUPS)
        if any(read(action, "type") == "forward" for action in actions) and not groups:
            yield Violation(holder, f"{name} forwards to no target group of this stack")
        elif len(_targets(actions)) > len(groups):
            yield Violation(holder, f"{name} forwards to a target group of another stack as well")
        for group in groups:
            if group.get("protocol") not in ("HTTPS", "TLS"):
                yield Violation(holder, f"{name} forwards to {group.name}, which is not spoken to by HTTPS")
        for action in actions:
            redirect = read(action, "redirect")
            if redirect is not None and read(redirect, "protocol") not in (None, "HTTPS", "#{protocol}"):
                yield Violation(holder, f"{name} redirects by {show(read(redirect, 'protocol'))}; it must be HTTPS")


def _targets(actions: Sequence[Plain]) -> set[str]:
    """The ARNs of target groups that are written out or known."""
    one = [read(action, "targetGroupArn") for action in actions]
    many = [read(group, "arn") for action in actions for group in elements(read(action, "forward", "targetGroups"))]
    return {arn for arn in (*one, *many) if isinstance(arn, str)}


def _application_balancers(graph: Graph) -> list[Resource]:
    return [each for each in graph.of_type(*BALANCERS) if each.get("loadBalancerType") in (None, "application")]


def balancers_hardened(graph: Graph) -> Iterator[Violation]:
    """Each application load balancer drops what is malformed, and appends clients' addresses."""
    for balancer in _application_balancers(graph):
        for name, (allowed, wanted) in _ATTRIBUTES.items():
            if balancer.get(name) not in allowed:
                yield Violation(balancer, f"{name} is {show(balancer.get(name))}; it must be {wanted}")


def balancers_recorded(graph: Graph) -> Iterator[Violation]:
    """Each application load balancer keeps both of its logs in a bucket of the stack."""
    for balancer in _application_balancers(graph):
        for logs in ("accessLogs", "connectionLogs"):
            if balancer.get(logs, "enabled") is not True:
                yield Violation(balancer, f"{logs}.enabled is {show(balancer.get(logs, 'enabled'))}; it must be true")
            if not graph.references(balancer, logs, BUCKETS):
                yield Violation(balancer, f"{logs}.bucket must be a bucket of this stack")


_ATTRIBUTES: Final[Mapping[str, tuple[tuple[Plain, ...], str]]] = {
    "dropInvalidHeaderFields": ((True,), "true"),  # absent: AWS lets them through
    "desyncMitigationMode": ((None, "defensive", "strictest"), "defensive or strictest"),  # absent: defensive
    # Whoever trusts the last address in X-Forwarded-For must find the balancer's own word there; absent: append.
    "xffHeaderProcessingMode": ((None, "append"), "append"),
}

CERTIFICATES_PROVED: Final = GraphRule(
    about=Description(
        id="certificates-proved",
        title="Certificates are proved by DNS and cover every name that leads to their balancer",
        severity=Severity.HIGH,
        frameworks=("FSBP ACM.1", "FSBP ACM.2", "FSBP ELB.18"),
        why="A certificate that is not proved is never issued, one that is imported runs out, and a name it does not "
        "cover teaches users to click warnings away.",
        remediation="Validate the certificate by records of the stack, give the listener the certificateArn of the "
        "validation, and put each alias on the certificate.",
    ),
    check=certificates_proved,
)
LISTENERS_FORWARD_BY_TLS: Final = GraphRule(
    about=Description(
        id="listeners-forward-by-tls",
        title="Listeners and their rules forward to HTTPS target groups of this stack",
        severity=Severity.HIGH,
        frameworks=("FSBP ELB.22", "WA SEC09"),
        why="A target group from elsewhere may be anybody's, and speak plaintext.",
        remediation="Forward to a target group that the stack declares with protocol HTTPS; redirect to HTTPS alone.",
    ),
    check=listeners_forward_by_tls,
)
BALANCERS_HARDENED: Final = GraphRule(
    about=Description(
        id="balancers-hardened",
        title="Load balancers drop malformed requests",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ELB.4", "FSBP ELB.12"),
        why="A header that balancer and server read differently smuggles requests in.",
        remediation="Set dropInvalidHeaderFields, and leave desyncMitigationMode and xffHeaderProcessingMode as they "
        "are.",
    ),
    check=balancers_hardened,
)
BALANCERS_RECORDED: Final = GraphRule(
    about=Description(
        id="balancers-recorded",
        title="Load balancers keep their logs",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ELB.5", "WA SEC04"),
        why="Who asked for what, and who failed to shake hands, is in these logs or nowhere.",
        remediation="Turn on accessLogs and connectionLogs into a bucket of the stack.",
    ),
    check=balancers_recorded,
)
