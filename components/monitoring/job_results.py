"""What makes metrics of the lines with which jobs end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.monitoring.tables.jobs import STREAM_LENGTH, Job, Jobs
from components.server.tmi_namespace import NAMESPACE

_LENGTH: Final = "$.log_processed.length"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobResultsArgs:
    """What :class:`JobResults` need from their caller."""

    log_group_name: pulumi.Input[str]
    """Where the logs of containers go."""
    jobs: Jobs
    """Whose lines are counted."""


class JobResults(pulumi.ComponentResource):
    """A metric for each job, how often it ended well, and one for what the job at Redis measured."""

    TYPE: Final = "tmi:monitoring:JobResults"

    def __init__(self, name: str, args: JobResultsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        jobs = args.jobs
        self._filter(name, jobs.trimming, args, STREAM_LENGTH, _LENGTH)
        for job in jobs.every:
            self._filter(name, job, args, job.short_name, "1")
        self.register_outputs({})

    def _filter(self, name: str, job: Job, args: JobResultsArgs, metric: str, value: str) -> None:
        aws.cloudwatch.LogMetricFilter(
            f"{name}-{metric}",
            name=metric,
            log_group_name=args.log_group_name,
            pattern=pattern(job, value),
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=args.jobs.namespace, name=metric, value=value, unit="Count"
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def pattern(job: Job, value: str) -> str:
    """Which lines of the containers' log group tell that a job ended well.

    The log shipper puts a line of JSON, parsed, below `log_processed`, and says below `kubernetes` whose it is. A field
    that gives the metric its value has to be in the pattern. Source: values.yaml of chart
    amazon-cloudwatch-observability 6.4.0 (`Merge_Log_Key log_processed`); AWS CDK API reference, MetricFilterProps.
    """
    wanted = {
        "$.kubernetes.namespace_name": NAMESPACE,
        "$.kubernetes.container_name": job.container,
        "$.log_processed.job": job.name,
        "$.log_processed.outcome": "done",
    }
    tests = [f'({field} = "{text}")' for field, text in wanted.items()]
    given = [f"({value} = *)"] if value.startswith("$") else []
    return f"{{ {' && '.join([*tests, *given])} }}"
