import re

import pytest

from eval.gate import parse_floors, under_floor
from eval.metrics import summarise
from sources.errors import GoldError
from tests.eval.builders import row

SUMMARY = summarise([row("a", values={"hit@1": 1.0}), row("b", values={"hit@1": 0.0})])


def test_a_metric_under_its_floor_is_named() -> None:
    assert under_floor(SUMMARY, parse_floors(["hit@1=0.5"])) == ()
    assert under_floor(SUMMARY, parse_floors(["hit@1=0.51"])) == ("hit@1 is 0.5000, under the floor of 0.51",)
    assert under_floor(SUMMARY, parse_floors(["hit@1=nan"])) == ("hit@1 is 0.5000, under the floor of nan",)


@pytest.mark.parametrize("text", ["hit@1", "hit@1=", "hit@1=high", ""])
def test_a_floor_is_a_number(text: str) -> None:
    with pytest.raises(GoldError, match=re.escape(f"--fail-under {text!r} is not of the form METRIC=VALUE")):
        parse_floors([text])


def test_an_unknown_metric_is_refused_with_those_there_are() -> None:
    with pytest.raises(GoldError, match=r"hit@2: this run has no such metric; it has hit@1, calibration_error"):
        under_floor(SUMMARY, {"hit@2": 0.1})
