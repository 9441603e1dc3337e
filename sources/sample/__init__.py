"""The bundled sample: short news briefs written for Quotary, so that there is something to ask from the first minute.

Each brief retells, in its own words, facts that real news reports and notices gave about children's services in
Solihull between 2020 and 2023. None is a copy: the publisher is "Quotary sample", and `summarises` in the front
matter says which kind of report the facts come from. File names begin with the number of that report.
"""

from pathlib import Path


def sample_directory() -> Path:
    """The folder that holds the briefs."""
    return Path(__file__).resolve().parent
