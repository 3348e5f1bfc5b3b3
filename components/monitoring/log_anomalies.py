"""What finds lines in TMI's log that are unlike those of the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.security_events import of_tmi

_FREQUENCY: Final = "FIFTEEN_MIN"
_VISIBILITY_DAYS: Final = 21
"""After which an anomaly that goes on counts as usual; CloudWatch takes 7 to 90."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogAnomaliesArgs:
    """What :class:`LogAnomalies` need from their caller."""

    stack_name: str
    """The detector's name."""
    log_group_arn: pulumi.Input[str]
    """Where the containers' logs go."""
    key_arn: pulumi.Input[str]
    """The key of logs: what a detector finds is made of lines."""


class LogAnomalies(pulumi.ComponentResource):
    """A detector over the lines of TMI alone; what side-cars and add-ons write has its own rhythm.

    It learns from the two weeks before it was made. Source: Amazon CloudWatch Logs User Guide, log anomaly detection.
    """

    TYPE: Final = "tmi:monitoring:LogAnomalies"

    def __init__(self, name: str, args: LogAnomaliesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        aws.cloudwatch.LogAnomalyDetector(
            f"{name}-detector",
            detector_name=args.stack_name,
            log_group_arn_lists=[args.log_group_arn],
            filter_pattern=f"{{ {of_tmi()} }}",
            evaluation_frequency=_FREQUENCY,
            anomaly_visibility_time=_VISIBILITY_DAYS,
            kms_key_id=args.key_arn,
            enabled=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
