"""The JSON schema of a whole `Pulumi.<stack>.yaml`, so that an editor completes and checks it.

`python -m components.settings.schema` prints it; `make format` writes it to `stack.schema.json`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from components.settings.given_secrets import KEYS
from components.settings.stack import Settings


def stack_file_schema() -> dict[str, Any]:
    """The schema of the file: closed below `tmi:`, open to the keys that Pulumi itself keeps there."""
    stack = Settings.model_json_schema()
    definitions = stack.pop("$defs")
    secrets = {
        f"tmi:{key}": {
            "type": "object",
            "description": f"Secrets by name; `pulumi config set --secret --path 'tmi:{key}.<name>'` sets one.",
            "additionalProperties": {
                "type": "object",
                "required": ["secure"],
                "additionalProperties": {"type": "string"},
            },
        }
        for key in KEYS
    }
    config = {
        "type": "object",
        "required": ["tmi:stack"],
        "properties": {"tmi:stack": stack, **secrets},
        "patternProperties": {f"^tmi:(?!stack$|{'$|'.join(KEYS)}$)": False},
    }
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "A stack of TMI on AWS",
        "type": "object",
        "required": ["config"],
        "properties": {"config": config},
        "$defs": definitions,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(stack_file_schema(), indent=2) + "\n")
