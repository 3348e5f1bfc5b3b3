from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from sandbox.events import Diagnostic, Event, parse
from sandbox.report import by_component, markdown, text
from sandbox.summary import Collector, Summary, summarise

ROOT = "urn:pulumi:dev::tmi::pulumi:pulumi:Stack::tmi-dev"
NETWORK = "urn:pulumi:dev::tmi::tmi:network:Network::network"


def step(kind: str, operation: str, urn: str, parent: str = ROOT, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    new = {"parent": "" if urn == ROOT else parent, "outputs": more.pop("outputs", {})}
    planning = more.pop("planning", False)
    type_ = urn.split("::")[2].rpartition("$")[2]
    return {kind: {"planning": planning, "metadata": {"op": operation, "urn": urn, "type": type_, "new": new, **more}}}


def done(operation: str, name: str, type_: str = "aws:ec2/subnet:Subnet", **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    urn = f"urn:pulumi:dev::tmi::tmi:network:Network${type_}::{name}"
    return step("resOutputsEvent", operation, urn, NETWORK, **({"logical": True} | more))


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
RUN = [
    step("resOutputsEvent", "create", NETWORK, logical=True),
    step("resOutputsEvent", "create", NETWORK, logical=True),
    done("same", "net-default", "aws:ec2/vpc:Vpc"),
    done("create", "net-a"),
    done("update", "net-b", detailedDiff={"tags.Name": {}, "cidrBlock": {}}),
    done("create-replacement", "net-c", logical=False),
    done("replace", "net-c", detailedDiff={"vpcId": {}}),
    done("delete-replaced", "net-c", logical=False),
    done("create", "default_7_51_1", "pulumi:providers:aws"),
    {"diagnosticEvent": {"severity": "debug", "message": "noise"}},
    {"diagnosticEvent": {"severity": "info", "message": "a moment", "ephemeral": True}},
    {"diagnosticEvent": {"severity": "error", "message": "no | capacity\n", "urn": NETWORK}},
    {"diagnosticEvent": {"severity": "error", "message": "no | capacity\n", "urn": NETWORK}},
    {"diagnosticEvent": {"severity": "error", "message": "update failed"}},
    {"policyAnalyzeSummaryEvent": {"policyPackName": "tmi", "passed": ["one"], "failed": ["two"]}},
    {"policyAnalyzeStackSummaryEvent": {"policyPackName": "tmi", "passed": ["three"]}},
    {
        "policyEvent": {
            "policyPackName": "tmi",
            "policyName": "two",
            "enforcementLevel": "mandatory",
            "message": "Why.\nwhat",
            "resourceUrn": NETWORK,
        }
    },
    step("resOutputsEvent", "create", ROOT, outputs={"url": "https://tmi.example.com", "key": SECRET}),
    {"summaryEvent": {"PolicyPacks": {"tmi|local|/somewhere": "0.1.0"}}},
]


def heard(*documents: dict[str, Any]) -> list[Event]:
    return [event for event in map(parse, documents) if event is not None]


def summary() -> Summary:
    return summarise(heard(*RUN), seconds=1.25)


def test_a_summary_in_a_terminal() -> None:
    lines = "\n".join(line.plain for line in text(summary(), preview=True, ok=False))
    assert lines == snapshot("""\
network
  + tmi:network:Network network
  + aws:ec2:Subnet net-a
  ~ aws:ec2:Subnet net-b  [cidrBlock, tags.Name]
  ± aws:ec2:Subnet net-c  [vpcId]
Outputs
  key: [secret]
  url: https://tmi.example.com
Messages
  error network: no | capacity
Policies  tmi 0.1.0: 3 policies applied, 1 violation
  violation two (network): Why.
    what
Refused by policy: 2 to create, 1 to update, 1 to replace, 1 unchanged, 1.2 s\
""")


def test_a_summary_on_a_page() -> None:
    assert markdown(summary(), title="Preview of dev", preview=True, ok=False) == snapshot("""\
## Preview of dev

❌ Refused by policy: 2 to create, 1 to update, 1 to replace, 1 unchanged, 1.2 s

Policies: tmi 0.1.0: 3 policies applied, 1 violation

| | policy | resource | message |
|---|---|---|---|
| violation | two | network | Why.<br>what |

| severity | resource | message |
|---|---|---|
| error | network | no \\| capacity |

<details><summary>4 changes</summary>

**network**

```diff
+ tmi:network:Network network
+ aws:ec2:Subnet net-a
~ aws:ec2:Subnet net-b  [cidrBlock, tags.Name]
± aws:ec2:Subnet net-c  [vpcId]
```

</details>

| output | value |
|---|---|
| key | [secret] |
| url | https://tmi.example.com |
""")


def test_changes_are_not_repeated_after_a_run_that_showed_them() -> None:
    lines = [line.plain for line in text(summary(), preview=False, ok=True)]
    assert not any("net-a" in line for line in lines)
    assert lines[-1] == "Done: 2 created, 1 updated, 1 replaced, 1 unchanged, 1.2 s"


def test_components_stand_in_their_own_group() -> None:
    assert [(name, [step.name for step in steps]) for name, steps in by_component(summary()).items()] == [
        ("network", ["network", "net-a", "net-b", "net-c"])
    ]


def test_an_empty_run() -> None:
    assert [line.plain for line in text(summarise([], 0), preview=False, ok=True)] == ["Done: nothing changed, 0.0 s"]


def test_the_plan_of_an_up_is_not_what_it_did() -> None:
    collector = Collector(lambda _: None, planned=False)
    planned = done("create", "net-a")
    planned["resOutputsEvent"]["planning"] = True
    for event in heard(planned, done("update", "net-b")):
        collector(event)
    assert collector.summary().counts == {"updated": 1}


def test_a_failure_without_an_event_is_explained_by_what_the_engine_printed() -> None:
    silent = summarise([], 0)
    assert not silent.explained
    told = silent.with_error("error: the stack is locked")
    assert told.explained
    assert told.diagnostics == (Diagnostic("error", "error: the stack is locked"),)


def test_an_advisory_violation_refuses_nothing() -> None:
    event = {"policyPackName": "tmi", "policyName": "two", "enforcementLevel": "advisory", "message": "what"}
    assert not summarise(heard({"policyEvent": event}), 0).refused
    assert summarise(heard({"policyEvent": event | {"enforcementLevel": "mandatory"}}), 0).refused


def test_a_remark_on_the_plan_is_out_of_date_once_it_was_carried_out() -> None:
    def said(message: str, level: str) -> dict[str, Any]:
        event = {"policyPackName": "tmi", "policyName": "two", "enforcementLevel": level, "message": message}
        return {"policyEvent": event}

    end = {"summaryEvent": {"policyPacks": {"tmi": "1"}, "resourceChanges": {}}}
    events = heard(said("old", "advisory"), said("no", "mandatory"), end, said("new", "advisory"), end)
    assert [violation.message for violation in summarise(events, 0).violations] == ["no", "new"]
    assert [violation.message for violation in summarise(events[:2], 0).violations] == ["old", "no"]
