"""What kind of answer a question wants."""

import pytest

from qa.asks import Asks, asked


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("When was the inspection?", Asks.WHEN),
        ("On what date did it open?", Asks.WHEN),
        ("On which exact day?", Asks.WHEN),
        ("In what year did it open?", Asks.OTHER),
        ("How much did it cost?", Asks.AMOUNT),
        ("how many children", Asks.AMOUNT),
        ("What was the cost of the trial?", Asks.AMOUNT),
        ("Who paid the cost?", Asks.WHO),
        ("Who was told when the inspection was?", Asks.WHO),
        ("When did the man who led it resign?", Asks.WHEN),
        ("Why did the cost rise?", Asks.WHY),
        ("In 2013, why did they leave?", Asks.WHY),
        ("What were the reasons for it?", Asks.WHY),
        ("List the councils", Asks.LIST),
        ("Name three councils", Asks.LIST),
        ("Name the two councils", Asks.LIST),
        ("Name the council", Asks.OTHER),
        ("What were the main findings?", Asks.LIST),
        ("What are the names of the councils?", Asks.LIST),
        ("What were the envoys called?", Asks.OTHER),
        ("Which paper asked why it failed?", Asks.OTHER),
        ("When it opened, how many came?", Asks.AMOUNT),
        ("When the trust, a new body, took over, who led it?", Asks.WHO),
        ("When, in 2022, was it?", Asks.WHEN),
        ("What is the name of the school?", Asks.OTHER),
        ("Which councils had commissioners?", Asks.OTHER),
        ("whence", Asks.OTHER),
        ("", Asks.OTHER),
    ],
)
def test_by_the_first_question_word(question: str, asks: Asks) -> None:
    assert asked(question) is asks
