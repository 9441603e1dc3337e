"""The only place that uses Jinja2: templates of this package, every value escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


def render(template: str, **values: object) -> str:
    """The page that `template` gives with these values."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["day"] = lambda day: f"{day.day} {day:%B %Y}" if day else ""
    environment.filters["percent"] = lambda share: f"{share:.0%}"
    environment.filters["grouped"] = lambda number: f"{number:,}"
    return environment
