# SPDX-License-Identifier: MIT
"""Bar charts as SVG: a few rectangles and words need no plotting library on anybody's machine."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LABELS, _RIGHT = 800, 210, 150
_BAR, _GAP, _TITLE = 18, 6, 30
# Told apart by lightness too, for those who see colours differently.
_OURS, _OTHERS, _LIMIT = "#1b5e8c", "#b9c4cc", "#7a8b4f"


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str  # beside the bar
    kind: str = "other"  # "ours", "other" or "limit"


@dataclass(frozen=True)
class Chart:
    title: str
    bars: Sequence[Bar]
    logarithmic: bool = False


def svg(charts: Sequence[Chart]) -> str:
    """All charts below one another."""
    parts: list[str] = []
    top = 0
    for chart in charts:
        parts += _draw(chart, top)
        top += _TITLE + len(chart.bars) * (_BAR + _GAP) + 2 * _GAP
    style = "text{font:13px sans-serif;fill:#222}.title{font-weight:bold}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" '
        f'viewBox="0 0 {_WIDTH} {top}">',
        f"<style>{style}</style>",
        f'<rect width="{_WIDTH}" height="{top}" fill="white"/>',
        *parts, "</svg>", "",
    ])


def _draw(chart: Chart, top: int) -> list[str]:
    scale = _scale(chart)
    parts = [f'<text class="title" x="8" y="{top + 20}">{escape(chart.title)}</text>']
    colours = {"ours": _OURS, "limit": _LIMIT}
    for index, bar in enumerate(chart.bars):
        y = top + _TITLE + index * (_BAR + _GAP)
        width = max(2, round((_WIDTH - _LABELS - _RIGHT) * scale(bar.value)))
        parts += [
            f'<text x="{_LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect x="{_LABELS}" y="{y}" width="{width}" height="{_BAR}" '
            f'fill="{colours.get(bar.kind, _OTHERS)}"/>',
            f'<text x="{_LABELS + width + 6}" y="{y + 13}">{escape(bar.text)}</text>',
        ]
    return parts


class _Scale:
    def __init__(self, low: float, high: float, logarithmic: bool) -> None:
        self._low, self._high, self._logarithmic = low, high, logarithmic

    def __call__(self, value: float) -> float:
        if self._logarithmic:
            span = math.log(self._high / self._low)
            return math.log(max(value, self._low) / self._low) / span if span else 1.0
        return value / self._high if self._high else 0.0


def _scale(chart: Chart) -> _Scale:
    values = [bar.value for bar in chart.bars if bar.value > 0] or [1.0]
    # A logarithmic bar begins at half of the smallest, so that this one is seen too.
    return _Scale(min(values) / 2, max(values), chart.logarithmic)
