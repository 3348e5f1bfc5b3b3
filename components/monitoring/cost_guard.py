"""Who hears that the stack costs more than it should: a budget, and jumps in what it costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.providers import STACK_TAG
from components.settings.costs import Budget, CostAnomalies, CostAnomaliesAbove, MonthlyBudget


@dataclass(frozen=True, kw_only=True, slots=True)
class CostGuardArgs:
    """What a :class:`CostGuard` needs from its caller."""

    stack_name: str
    """The stack, by whose tag its costs are told from others' in the account."""
    budget: Budget
    """What it may cost."""
    anomalies: CostAnomalies
    """Which jumps are told."""
    topic_arn: pulumi.Input[str]
    """Where messages are published; Budgets and Cost Anomaly Detection have to be allowed to, and to use its key."""


def tag_filter(stack_name: str) -> str:
    """The stack's tag as a filter of a budget: what users tag has `user:` before the key.

    Source: AWS Cost Management User Guide, budget filters; hashicorp/terraform-provider-aws#40987.
    """
    return f"user:{STACK_TAG}${stack_name}"


def budget_notifications(
    budget: MonthlyBudget, topic_arn: pulumi.Input[str]
) -> list[aws.budgets.BudgetNotificationArgs]:
    """One message when that much is spent, and one when AWS foresees that it will be."""
    thresholds = {"ACTUAL": budget.actual_percent, "FORECASTED": budget.forecast_percent}
    return [
        aws.budgets.BudgetNotificationArgs(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percent,
            threshold_type="PERCENTAGE",
            subscriber_sns_topic_arns=[topic_arn],
        )
        for kind, percent in thresholds.items()
    ]


class CostGuard(pulumi.ComponentResource):
    """A budget and a monitor of the stack's tag.

    The tag has to be activated for cost allocation, once for the account that pays and by hand: a tag that has never
    been billed cannot be, and two stacks of an account would both want to own the activation.
    """

    TYPE: Final = "tmi:monitoring:CostGuard"

    def __init__(self, name: str, args: CostGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if isinstance(args.budget, MonthlyBudget):
            aws.budgets.Budget(
                f"{name}-budget",
                name=args.stack_name,
                budget_type="COST",
                time_unit="MONTHLY",
                limit_amount=str(args.budget.usd),
                limit_unit="USD",
                cost_filters=[
                    aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[tag_filter(args.stack_name)])
                ],
                notifications=budget_notifications(args.budget, args.topic_arn),
                opts=child,
            )
        if isinstance(args.anomalies, CostAnomaliesAbove):
            monitor = aws.costexplorer.AnomalyMonitor(
                f"{name}-monitor",
                name=args.stack_name,
                # By the tag: of monitors of every service an account has one.
                monitor_type="CUSTOM",
                monitor_specification=json.dumps({"Tags": {"Key": STACK_TAG, "Values": [args.stack_name]}}),
                opts=child,
            )
            aws.costexplorer.AnomalySubscription(
                f"{name}-anomalies",
                name=args.stack_name,
                monitor_arn_lists=[monitor.arn],
                # A topic is told at once or not at all; summaries of a day or week go by e-mail alone.
                frequency="IMMEDIATE",
                subscribers=[aws.costexplorer.AnomalySubscriptionSubscriberArgs(type="SNS", address=args.topic_arn)],
                threshold_expression=aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                    dimension=aws.costexplorer.AnomalySubscriptionThresholdExpressionDimensionArgs(
                        key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                        match_options=["GREATER_THAN_OR_EQUAL"],
                        values=[str(args.anomalies.usd)],
                    )
                ),
                opts=child,
            )
        self.register_outputs({})
