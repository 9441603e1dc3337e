"""Small charts as inline SVG: no library, no script, readable in light and dark."""

from collections.abc import Sequence
from html import escape

from eval.abstention import Bin

_WIDTH, _HEIGHT = 360, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 12, 12, 44
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """Share right over mean confidence, a dot a bin, larger with more questions; the diagonal is perfect."""
    most = max((bin_.n for bin_ in bins), default=1)
    dots = "".join(
        f'<circle class="dot" cx="{_x(bin_.confidence):.1f}" cy="{_y(bin_.right):.1f}"'
        f' r="{3 + 7 * (bin_.n / most) ** 0.5:.1f}"><title>{bin_.n} questions: confidence {bin_.confidence:.2f},'
        f" right {bin_.right:.2f}</title></circle>"
        for bin_ in bins
    )
    diagonal = f'<line class="guide" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    line = _line([(bin_.confidence, bin_.right) for bin_ in bins])
    return _figure("Reliability diagram", "mean confidence", "share right", diagonal + line + dots)


def risk_coverage_curve(points: Sequence[tuple[float, float]]) -> str:
    """Share wrong among the questions answered, over the share answered, most confident first."""
    return _figure("Risk-coverage curve", "share of questions answered", "share wrong among them", _line(points))


def _x(value: float) -> float:
    return _LEFT + value * _PLOT_WIDTH


def _y(value: float) -> float:
    return _TOP + (1 - value) * _PLOT_HEIGHT


def _line(points: Sequence[tuple[float, float]]) -> str:
    joined = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="curve" points="{joined}"/>'


def _figure(title: str, across: str, up: str, content: str) -> str:
    grid = "".join(
        f'<line class="grid" x1="{_x(tick)}" y1="{_y(0)}" x2="{_x(tick)}" y2="{_y(1)}"/>'
        f'<line class="grid" x1="{_x(0)}" y1="{_y(tick)}" x2="{_x(1)}" y2="{_y(tick)}"/>'
        f'<text x="{_x(tick)}" y="{_y(0) + 16}" text-anchor="middle">{tick:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>'
        for tick in _TICKS
    )
    middle = _TOP + _PLOT_HEIGHT / 2
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{grid}{content}'
        f'<text x="{_LEFT + _PLOT_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>'
        f'<text transform="rotate(-90 12 {middle})" x="12" y="{middle}" text-anchor="middle">{escape(up)}</text>'
        f"</svg><figcaption>{escape(title)}</figcaption></figure>"
    )
