"""Registry: an image stays what it was when somebody looked at it, and somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from policy.facts.replicas import in_same_region
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import Plain, elements, present, read

_REPOSITORY: Final = "aws:ecr/repository:Repository"
_TEMPLATE: Final = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
_LIFECYCLE: Final = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
_SCANNING: Final = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
_PULL_THROUGH: Final = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
_SCANS: Final = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")
_PULLED: Final = "PULL_THROUGH_CACHE"
_REPLICATED: Final = "REPLICATION"


def images_unchanging(graph: Graph) -> Iterator[Violation]:
    """Each repository, and each that ECR will make, keeps its tags, scans what comes and tidies up."""
    for store in graph.of_type(_REPOSITORY, _TEMPLATE):
        if store.get("imageTagMutability") != "IMMUTABLE":  # absent: mutable
            yield Violation(store, "imageTagMutability must be IMMUTABLE")
        # An image that is replicated was scanned where it was pushed, and stays what it was.
        if not _serves_nothing_but(store, _REPLICATED) and not _is_scanned(graph, store):
            yield Violation(store, "no scan of its images when they come: scanOnPush, or a rule of the registry's")
    for repository in graph.of_type(_REPOSITORY):
        if not graph.referring(repository, "repository", _LIFECYCLE):
            yield Violation(repository, "it has no LifecyclePolicy, so it keeps each image for ever")
    for template in graph.of_type(_TEMPLATE):
        # An image that is pulled through may be in use for years, and nothing but its age would tell ECR to remove it.
        if not _serves_nothing_but(template, _PULLED) and not present(template.get("lifecyclePolicy")):
            yield Violation(template, "lifecyclePolicy must say which images its repositories lose")


def _serves_nothing_but(template: Resource, occasion: str) -> bool:
    occasions = elements(template.get("appliedFors"))
    return bool(occasions) and all(each == occasion for each in occasions)


def _is_scanned(graph: Graph, store: Resource) -> bool:
    """Whether a repository scans by itself, or a rule for its name does in its region; a template has a rule alone."""
    if store.get("imageScanningConfiguration", "scanOnPush") is True:
        return True
    name = store.get("name") if store.type == _REPOSITORY else _beginning(store)
    return any(
        read(rule, "scanFrequency") in _SCANS
        and any(_covers(each, name) for each in elements(read(rule, "repositoryFilters")))
        for configuration in graph.of_type(_SCANNING)
        if in_same_region(graph, configuration, store)
        for rule in elements(configuration.get("rules"))
    )


def _beginning(template: Resource) -> Plain:
    """How the names of a template's repositories begin; what matches no more than this matches all of them."""
    prefix = template.get("prefix")
    return f"{prefix}/" if isinstance(prefix, str) else prefix


def _covers(each: Plain, name: Plain) -> bool:
    pattern = read(each, "filter")
    return pattern == "*" or (isinstance(pattern, str) and isinstance(name, str) and fnmatchcase(name, pattern))


def pulls_by_template(graph: Graph) -> Iterator[Violation]:
    """What is pulled through gets its repository by a template of the stack; ECR's own defaults are none of this."""
    for rule in graph.of_type(_PULL_THROUGH):
        prefix = rule.get("ecrRepositoryPrefix")
        referred = graph.references(rule, "ecrRepositoryPrefix", {_TEMPLATE})
        templates = [
            template
            for template in graph.of_type(_TEMPLATE)
            if _PULLED in elements(template.get("appliedFors"))
            and in_same_region(graph, template, rule)
            and (template in referred or (isinstance(prefix, str) and template.get("prefix") in (prefix, "ROOT")))
        ]
        if not templates:
            yield Violation(rule, f"no template of this stack is for its prefix and for {_PULLED}")


IMAGES_UNCHANGING: Final = GraphRule(
    about=Description(
        id="images-unchanging",
        title="Images keep their tags, are scanned when they come and go when they are old",
        severity=Severity.HIGH,
        frameworks=("FSBP ECR.1", "FSBP ECR.2", "FSBP ECR.3", "CIS EKS 5.1.1"),
        why="A tag that moves puts other code behind a name that was approved.",
        remediation="Set imageTagMutability to IMMUTABLE, scan on push or by a rule of the registry's, and declare a "
        "lifecycle policy.",
    ),
    check=images_unchanging,
)
PULLS_BY_TEMPLATE: Final = GraphRule(
    about=Description(
        id="pulls-by-template",
        title="Images that are pulled through get repositories by a template of this stack",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ECR.5", "FSBP ECR.2"),
        why="ECR makes the repository at the first pull; without a template its tags move and its key is AWS's.",
        remediation="Declare a RepositoryCreationTemplate with the rule's prefix, applied for PULL_THROUGH_CACHE.",
    ),
    check=pulls_by_template,
)
