"""The stack file: what an operator may say about a stack, and how it is read.

What an operator writes: `stack.Settings` is the whole, `network`, `data`, `edge`, `cluster`, `safekeeping`, `server`
and others are its sections, made of `vocabulary`, `choices` and `constraints`. What is refused: `rules` and `…_rules`
look at more than one field, `problems` says how a mistake is reported. What is asked for besides: `given_secrets`. What
TMI makes of its section: `variables`, with `provider_addresses` and `content_addresses`. `load` is the only reader of
`pulumi.Config`.
"""

from components.settings.load import InvalidSettingsError, StackFile, load, parse
from components.settings.stack import Settings

__all__ = ["InvalidSettingsError", "Settings", "StackFile", "load", "parse"]
