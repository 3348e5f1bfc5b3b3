"""The saved queries of a stack, made from their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.queries.platform import OF_PLATFORM
from components.monitoring.queries.query import groups
from components.monitoring.queries.server import OF_SERVER

QUERIES: Final = (*OF_SERVER, *OF_PLATFORM)
"""Every saved query."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedQueriesArgs:
    """What :class:`SavedQueries` need from their caller."""

    stack_name: str
    """The folder they are in; part of the names of log groups."""
    database_identifier: str
    """The database server that TMI speaks to."""


class SavedQueries(pulumi.ComponentResource):
    """Every query of the table, in a folder of CloudWatch Logs Insights that has the stack's name.

    Log groups go in by name: a query may be there before its groups.
    """

    TYPE: Final = "tmi:monitoring:SavedQueries"

    def __init__(self, name: str, args: SavedQueriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for query in QUERIES:
            aws.cloudwatch.QueryDefinition(
                f"{name}-{query.name.replace('/', '-')}",
                name=f"{args.stack_name}/{query.name}",
                query_string=query.text,
                log_group_names=list(groups(query.source, args.stack_name, args.database_identifier)),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
