"""Pictures, drawn on the server by Vega-Lite: every colour is one of the page's, so that they are dark where it is.

A drawing says with a curve what a table beside it says with figures; screen readers are told the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import vl_convert
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Point = Mapping[str, Any]
# What the specifications below are written in.
_VERSION = "5.21"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_FONT = "system-ui, sans-serif"
_CONFIG = {
    "background": None,
    "view": {"stroke": None},
    "font": _FONT,
    "axis": {
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "gridColor": "var(--line)",
        "domainColor": "var(--edge)",
        "tickColor": "var(--edge)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": "var(--ink)", "titleColor": "var(--quiet)", "labelFontSize": 12, "orient": "top"},
}
# Lines differ by more than their colour.
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])
_SIZE = re.compile(r'^(<svg [^>]*?) width="[^"]*" height="[^"]*"')


def draw(spec: Mapping[str, Any], words: str) -> SafeString:
    """`words`: what the picture shows, for who can't see it. As wide as there is room."""
    text = json.dumps({"$schema": _SCHEMA, "config": _CONFIG, **spec})
    svg = vl_convert.vegalite_to_svg(text, vl_version=_VERSION)
    sized = _SIZE.sub(rf'\1 role="img" aria-label="{_attribute(words)}"', svg)
    # Vega escapes what it is given, and nothing else is in it.
    return mark_safe(sized)  # noqa: S308


def trend(days: Sequence[Point], colour: str, words: str) -> SafeString:
    """`days`: {"at": ISO 8601, "value": number}; small, beside the figure that it ends with."""
    x = {"field": "at", "type": "temporal", "title": None, "axis": {"format": "%d %b", "tickCount": 3, "grid": False}}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": {"format": "~s", "tickCount": 2}}
    return draw(
        {
            # Of the whole picture, so that those of several figures stand in line.
            "width": 270,
            "height": 92,
            "autosize": {"type": "fit", "contains": "padding"},
            "data": {"values": list(days)},
            "encoding": {"x": x, "y": y},
            "layer": [
                {"mark": {"type": "area", "opacity": 0.18, "color": colour, "interpolate": "step-after"}},
                {"mark": {"type": "line", "strokeWidth": 2, "color": colour, "interpolate": "step-after"}},
            ],
        },
        words,
    )


def curves(steps: Iterable[Point], words: str) -> SafeString:
    """`steps`: {"day", "share", "low", "high", "who"}: the share that is back by each day, with its interval."""
    values = list(steps)
    order = list(dict.fromkeys(step["who"] for step in values))
    colours = _by_line(order, ("var(--won-fill)", "var(--risk-fill)", "var(--lost-fill)", "var(--edge)"))
    x = {"field": "day", "type": "quantitative", "title": "days since the churn", "axis": {"tickCount": 8}}
    y = {"field": "share", "type": "quantitative", "title": "back", "axis": {"format": ".0%", "tickCount": 5}}
    band = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    return draw(
        {
            "width": 640,
            "height": 240,
            "data": {"values": values},
            "encoding": {"x": x, "color": colours},
            "layer": [
                {"mark": {"type": "area", "opacity": 0.18, "interpolate": "step-after"}, "encoding": band},
                {
                    "mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "step-after"},
                    "encoding": {"y": y, "strokeDash": _by_line(order, _DASHES)},
                },
            ],
        },
        words,
    )


def warm_up() -> None:
    """The first picture takes ten times as long as the others: better before anybody waits for it."""
    trend([{"at": "2026-01-01T00:00:00Z", "value": 0}], "var(--accent)", "")


def _by_line(order: Sequence[str], looks: Sequence[Any]) -> dict[str, Any]:
    scale = {"domain": list(order), "range": [looks[place % len(looks)] for place in range(len(order))]}
    return {"field": "who", "type": "nominal", "title": None, "scale": scale}


def _attribute(words: str) -> str:
    """As an attribute, and harmless in the pattern that puts it there."""
    return str(escape(words)).replace("\\", "&#92;")
