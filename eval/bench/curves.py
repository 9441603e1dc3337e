"""Growth curves as SVG, both axes logarithmic: equal steps are equal factors."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Panel = tuple[str, Mapping[str, Sequence[float]]]

_WIDTH, _HEIGHT, _GAP = 300, 180, 70
_COLOURS = ("#1f6feb", "#d1600a")
_STYLE = "text{font:12px sans-serif;fill:#444}.title{font-weight:bold}.grid{stroke:#ddd}"


def curve(sizes: Sequence[float], panels: Sequence[Panel]) -> str:
    """Panels two abreast, each with a line for each named series over `sizes`."""
    drawn = []
    for number, (title, series) in enumerate(panels):
        across, down = number % 2 * (_WIDTH + _GAP) + _GAP, number // 2 * (_HEIGHT + _GAP) + 30
        drawn.append(f'<g transform="translate({across} {down})">{_panel(title, sizes, series)}</g>')
    width, height = 2 * (_WIDTH + _GAP) + 20, (len(panels) + 1) // 2 * (_HEIGHT + _GAP) + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Growth curves"><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(drawn)
        + "</svg>\n"
    )


def _panel(title: str, sizes: Sequence[float], series: Mapping[str, Sequence[float]]) -> str:
    low, high = _decades([value for values in series.values() for value in values])
    left, right = _decades(sizes)

    def x(value: float) -> float:
        return (math.log10(value) - left) / (right - left) * _WIDTH

    def y(value: float) -> float:
        return _HEIGHT - (math.log10(max(value, 10.0**low)) - low) / (high - low) * _HEIGHT

    parts = [f'<text class="title" x="0" y="-10">{escape(title)}</text>']
    for power in range(low, high + 1):
        parts.append(f'<line class="grid" x1="0" x2="{_WIDTH}" y1="{y(10.0**power):.1f}" y2="{y(10.0**power):.1f}"/>')
        parts.append(f'<text x="-6" y="{y(10.0**power) + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for power in range(left, right + 1):
        parts.append(f'<text x="{x(10.0**power):.1f}" y="{_HEIGHT + 16}" text-anchor="middle">{10**power:,}</text>')
    for colour, (name, values) in zip(_COLOURS, series.items(), strict=False):
        points = [(x(size), y(value)) for size, value in zip(sizes, values, strict=True)]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.extend(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}"/>' for across, down in points)
        across, down = points[-1]
        parts.append(
            f'<text x="{across:.1f}" y="{down - 7:.1f}" text-anchor="end" style="fill:{colour}">{escape(name)}</text>'
        )
    return "".join(parts)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values."""
    low = math.floor(math.log10(min(value for value in values if value > 0)))
    high = math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
