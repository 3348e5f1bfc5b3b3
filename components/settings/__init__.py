"""The stack file: what an operator may say about a stack, and how it is read.

`stack.Settings` is the whole; `sections` and `server` its parts; `vocabulary` the words and `constraints` what they
are made of; `rules` what concerns more than one field; `problems` how a mistake is reported; `load` the only reader of
`pulumi.Config`.
"""

from components.settings.load import InvalidSettingsError, StackFile, load, parse
from components.settings.stack import Settings

__all__ = ["InvalidSettingsError", "Settings", "StackFile", "load", "parse"]
