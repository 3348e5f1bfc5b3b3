"""When somebody hears of what the stack costs."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from components.settings.constraints import between
from components.settings.model import Section

_HIGHEST_USD: Final = 10_000_000


class NoBudget(Section):
    """Nobody hears of costs until the invoice."""

    kind: Literal["none"]
    """No budget."""


class MonthlyBudget(Section):
    """What the stack may cost in a calendar month, by its tag; a message of severity ticket tells of more.

    It stops nothing. It counts from the day on which the tag is activated for cost allocation.
    """

    kind: Literal["monthly"]
    """A month from its first day, in UTC."""
    usd: Annotated[int, between(1, _HIGHEST_USD, "USD")]
    """The amount. What carries no tag does not count."""
    actual_percent: Annotated[int, between(1, 1000, "% of the amount")]
    """How much of it may be spent before a message."""
    forecast_percent: Annotated[int, between(1, 1000, "% of the amount")]
    """How much of it AWS may foresee for the whole month before a message. It foresees nothing in the first weeks."""


Budget: TypeAlias = Annotated[NoBudget | MonthlyBudget, Field(discriminator="kind")]
"""What the stack may cost."""


class NoCostAnomalies(Section):
    """Nobody hears of a jump in costs that stays within the budget."""

    kind: Literal["none"]
    """No monitor."""


class CostAnomaliesAbove(Section):
    """AWS compares the stack's costs with what they used to be; a message of severity ticket tells of a jump."""

    kind: Literal["above"]
    """From a sum on."""
    usd: Annotated[int, between(1, _HIGHEST_USD, "USD")]
    """How much more than expected, in all, a jump has to cost."""


CostAnomalies: TypeAlias = Annotated[NoCostAnomalies | CostAnomaliesAbove, Field(discriminator="kind")]
"""Whether somebody hears of costs that are not as usual."""
