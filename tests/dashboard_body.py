"""The body of a dashboard as CloudWatch documents it, of what this project uses.

Source: Amazon CloudWatch API Reference, dashboard body structure and syntax.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rendering(_Strict):
    """The last element of a metric: how it is shown, or an expression over others."""

    id: Annotated[str, Field(pattern="^[a-z][a-zA-Z0-9_]*$")] | None = None
    label: str | None = None
    expression: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    stat: str | None = None
    period: Annotated[int, Field(ge=1)] | None = None
    visible: bool | None = None


class Line(_Strict):
    """A threshold across a graph."""

    value: float
    label: str
    color: Annotated[str, Field(pattern="^#[0-9a-f]{6}$")]


class Annotations(_Strict):
    horizontal: list[Line]


class Axis(_Strict):
    min: float


class Axes(_Strict):
    left: Axis


class GraphProperties(_Strict):
    title: str
    region: str
    view: Literal["timeSeries"]
    stacked: bool
    start: Annotated[str, Field(pattern="^-P[0-9]+D$")] | None = None
    metrics: Annotated[list[list[Any]], Field(min_length=1, max_length=500)]
    annotations: Annotations
    yAxis: Axes  # noqa: N815 -- CloudWatch's name

    @model_validator(mode="after")
    def _metrics_are_metrics(self) -> GraphProperties:
        identities: list[str] = []
        for metric in self.metrics:
            *names, last = metric
            rendering = Rendering.model_validate(last)
            if rendering.expression is None:
                # A namespace, a name, and pairs of dimension and value, thirty at most.
                assert len(names) in range(2, 63, 2), metric
                assert all(isinstance(name, str) and name for name in names), metric
            else:
                assert not names, metric
            identities += [rendering.id] if rendering.id else []
        assert len(identities) == len(set(identities)), "two metrics have one id"
        return self


class StateProperties(_Strict):
    title: str
    alarms: Annotated[list[Annotated[str, Field(pattern="^arn:aws:cloudwatch:")]], Field(min_length=1, max_length=100)]


class TextProperties(_Strict):
    markdown: str


class _Placed(_Strict):
    x: Annotated[int, Field(ge=0, le=23)]
    y: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(ge=1, le=24)]
    height: Annotated[int, Field(ge=1, le=1000)]

    def cells(self) -> set[tuple[int, int]]:
        """The cells it covers."""
        return {(x, y) for x in range(self.x, self.x + self.width) for y in range(self.y, self.y + self.height)}


class GraphWidget(_Placed):
    type: Literal["metric"]
    properties: GraphProperties


class StateWidget(_Placed):
    type: Literal["alarm"]
    properties: StateProperties


class TextWidget(_Placed):
    type: Literal["text"]
    properties: TextProperties


Widget: TypeAlias = Annotated[GraphWidget | StateWidget | TextWidget, Field(discriminator="type")]


class Body(_Strict):
    """A whole dashboard."""

    start: Annotated[str, Field(pattern="^-PT[0-9]+H$")]
    periodOverride: Literal["auto", "inherit"]  # noqa: N815 -- CloudWatch's name
    widgets: Annotated[list[Widget], Field(max_length=500)]

    @model_validator(mode="after")
    def _nothing_overlaps(self) -> Body:
        taken: set[tuple[int, int]] = set()
        for widget in self.widgets:
            cells = widget.cells()
            assert not taken & cells, f"{widget.x},{widget.y} is taken"
            assert widget.x + widget.width <= 24, f"{widget.x} and {widget.width} are more than 24 columns"
            taken |= cells
        return self
