"""What a deployment makes, keeps and changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.cloud import Fault
from sandbox.state import resources
from tests.engine.cloud.programs import GROUP, NETWORK, program

if TYPE_CHECKING:
    from tests.engine.conftest import MakeProject
    from tests.engine.harness import Project

EXPORTS = """
pulumi.export("id", vpc.id)
pulumi.export("arn", vpc.arn)
pulumi.export("range", vpc.cidr_block)
"""


def state(stack: Project, name: str) -> dict[str, Any]:
    """Give a resource's entry in the engine's state."""
    return next(entry for entry in resources(stack.deployment) if entry["urn"].endswith(f"::{name}"))


def test_outputs_are_unknown_in_a_preview_then_of_the_right_form_and_then_stay(project: MakeProject) -> None:
    stack = project(program(NETWORK, GROUP, EXPORTS))

    assert stack.preview().summary.outputs == {"id": "[unknown]", "arn": "[unknown]", "range": "10.0.0.0/16"}

    first = stack.up().summary
    assert first.counts == {"created": 5}
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", first.outputs["id"])
    assert first.outputs["arn"] == f"arn:aws:ec2:eu-west-1:111111111111:vpc/{first.outputs['id']}"
    assert re.fullmatch(r"data-[0-9a-f]{7}", state(stack, "data")["outputs"]["name"])

    second = stack.up().summary
    assert (second.counts, second.outputs) == ({"unchanged": 5}, first.outputs)

    refresh = stack.refresh()
    assert (refresh.exit_code, refresh.changed) == (0, {})


def test_a_replacement_is_planned_and_an_alias_avoids_one(project: MakeProject) -> None:
    vpc = 'vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", opts=own)\n'
    subnet = 'aws.ec2.Subnet("{}", vpc_id=vpc.id, cidr_block="{}", opts={})'
    stack = project(program(vpc, subnet.format("old", "10.0.0.0/24", "own")))
    assert stack.up().exit_code == 0

    stack.write_program(program(vpc, subnet.format("old", "10.0.0.0/25", "own")))
    planned = {step.name: step for step in stack.preview().summary.steps}
    assert (planned["old"].operation, planned["old"].changes) == ("replace", ("cidrBlock",))
    assert planned["net"].operation == "same"

    aliased = 'pulumi.ResourceOptions(provider=provider, aliases=[pulumi.Alias(name="old")])'
    stack.write_program(program(vpc, subnet.format("new", "10.0.0.0/24", aliased)))
    renamed = stack.up()
    assert (renamed.errors, renamed.changed) == ([], {})
    assert "new" in renamed.names


def test_a_name_of_the_program_s_own_is_given_up_before_it_is_taken_again(project: MakeProject) -> None:
    group = 'aws.cloudwatch.LogGroup("app", name="/tmi/app", log_group_class="{}", opts=own)'
    stack = project(program(group.format("STANDARD")))
    assert stack.up().exit_code == 0

    stack.write_program(program(group.format("INFREQUENT_ACCESS")))
    result = stack.up()

    assert (result.errors, result.changed) == ([], {"app": "replace"})
    assert state(stack, "app")["outputs"]["logGroupClass"] == "INFREQUENT_ACCESS"


def test_default_tags_are_on_every_resource_and_their_change_is_an_update(project: MakeProject) -> None:
    tagged = """
    tagged = aws.Provider("tagged", region="eu-west-1", default_tags={{"tags": {{"tmi:stack": "{}"}}}})
    vpc = aws.ec2.Vpc(
        "net", cidr_block="10.0.0.0/16", tags={{"Name": "net"}}, opts=pulumi.ResourceOptions(provider=tagged)
    )
    pulumi.export("tags", vpc.tags_all)
    """
    stack = project(program(tagged.format("dev")))
    assert stack.up().summary.outputs["tags"] == {"Name": "net", "tmi:stack": "dev"}

    stack.write_program(program(tagged.format("prod")))
    result = stack.up()

    assert result.changed["net"] == "update"
    assert result.summary.outputs["tags"] == {"Name": "net", "tmi:stack": "prod"}


def test_secrets_lie_in_the_state_as_ciphertext_and_write_only_arguments_in_no_output(project: MakeProject) -> None:
    given = "given-by-the-program"
    stack = project(
        program(f"""
        drawn = random.RandomPassword("drawn", length=48, special=False)
        secret = aws.secretsmanager.Secret("dsn", opts=own)
        aws.secretsmanager.SecretVersion(
            "dsn", secret_id=secret.id, secret_string_wo=drawn.result, secret_string_wo_version=1, opts=own
        )
        aws.secretsmanager.SecretVersion(
            "fixed", secret_id=secret.id, secret_string_wo="{given}", secret_string_wo_version=1, opts=own
        )
        """)
    )
    assert stack.up().exit_code == 0

    assert "ciphertext" in state(stack, "drawn")["outputs"]["result"]
    fixed = state(stack, "fixed")
    assert "ciphertext" in fixed["inputs"]["secretStringWo"]
    assert fixed["outputs"]["hasSecretStringWo"] is True
    assert "secretStringWo" not in fixed["outputs"]
    assert given not in stack.stack.state_file.read_text()


def test_a_write_only_argument_is_sent_again_when_its_version_changes(project: MakeProject) -> None:
    version = """
    secret = aws.secretsmanager.Secret("dsn", opts=own)
    aws.secretsmanager.SecretVersion(
        "value", secret_id=secret.id, secret_string_wo="{}", secret_string_wo_version={}, opts=own
    )
    """
    stack = project(program(version.format("first", 1)))
    assert stack.up().exit_code == 0

    stack.write_program(program(version.format("second", 1)))
    assert stack.up().changed == {}

    stack.write_program(program(version.format("second", 2)))
    assert stack.up().changed == {"value": "replace"}


def test_a_failure_in_the_middle_is_resumed_with_nothing_lost_or_doubled(project: MakeProject) -> None:
    stack = project(program(NETWORK, GROUP))
    slow = Fault(
        type="aws:rds/subnetGroup:SubnetGroup", name="data", operation="create", message="Throttling: slow down"
    )

    failed = stack.up(slow)
    vpc = state(stack, "net")["id"]
    resumed = stack.up()

    assert any("Throttling: slow down" in error for error in failed.errors)
    assert resumed.summary.counts == {"created": 1, "unchanged": 4}
    assert state(stack, "net")["id"] == vpc


def test_what_is_protected_is_not_deleted(project: MakeProject) -> None:
    stack = project(
        program("""
        aws.rds.Instance(
            "main", instance_class="db.t4g.micro", engine="postgres", deletion_protection=True, opts=own
        )
        """)
    )
    assert stack.up().exit_code == 0

    said = "\n".join(stack.destroy().errors)

    assert (
        "main (aws:rds/instance:Instance): deletionProtection: is true: set it to false and deploy that first" in said
    )
    assert "finalSnapshotIdentifier: missing" in said
