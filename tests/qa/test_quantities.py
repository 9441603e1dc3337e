"""Amounts as articles write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quantities import Quantity, quantity_of


def quantity(amount: str, unit: str) -> Quantity:
    return Quantity(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("quote", "same"),
    [
        ("£532,000", quantity("532000", "GBP")),
        ("£0.532m", quantity("532000", "GBP")),
        ("532 000 pounds", quantity("532000", "GBP")),
        ("532,000 pounds", quantity("532000", "GBP")),
        ("£532k", quantity("532000", "GBP")),
        ("half a million pounds", quantity("500000", "GBP")),
        ("five hundred thousand pounds", quantity("500000", "GBP")),
        ("£5.3 million", quantity("5300000", "GBP")),
        ("nearly £3.5bn", quantity("3500000000", "GBP")),
        ("£62,000 in legal costs", quantity("62000", "GBP")),
        ("£5 million a year", quantity("5000000", "GBP / year")),
        ("£5 million per year", quantity("5000000", "GBP / year")),
        ("€1,000.50", quantity("1000.5", "EUR")),
        ("29 years", quantity("29", "year")),
        ("29-year", quantity("29", "year")),
        ("twenty-nine years", quantity("29", "year")),
        ("29 months", quantity("29", "month")),
        ("more than a year", quantity("1", "year")),
        ("29%", quantity("29", "%")),
        ("29 per cent", quantity("29", "%")),
        ("29 percent", quantity("29", "%")),
        ("1,400", quantity("1400", "")),
        ("at least 1,400 children", quantity("1400", "")),
        ("more than 1,400 victims", quantity("1400", "")),
        ("two hundred and fifty", quantity("250", "")),
        ("a hundred", quantity("100", "")),
        ("a dozen", quantity("12", "")),
        ("5.5 million people", quantity("5500000", "")),
        ("5m tall", quantity("5", "metre")),
        ("One", quantity("1", "")),
        ("US$3.8 billion", quantity("3800000000", "USD")),
        ("A$5", quantity("5", "A$")),
        ("29 km (18 miles)", quantity("29", "kilometre")),
    ],
)
def test_number_and_unit(quote: str, same: Quantity) -> None:
    assert quantity_of(quote) == same


@pytest.mark.parametrize(
    "quote",
    [
        "5 to 6",
        "£5m to £6m",
        "three years and six months",
        "five or six years",
        "one of the worst cases",
        "a third",
        "12,34",
        "1.2.3",
        "many",
        "",
        "£",
        "28 February 2022",
        "40 children who were moved from one home to the next again",
    ],
)
def test_what_is_not_one_amount(quote: str) -> None:
    assert quantity_of(quote) is None


def test_units_are_kept() -> None:
    years, months, bare = quantity("29", "year"), quantity("29", "month"), quantity("29", "")
    assert not years.agrees(months)
    assert not years.differs(months)  # twelve months can be a year: only the same unit is compared
    assert years.differs(quantity("30", "year"))
    assert years.agrees(bare)
    assert bare.finer(years) == years.finer(bare) == years


@given(st.integers(0, 10**9), st.sampled_from(["", "£", "$", "€"]))
def test_separators_change_nothing(number: int, sign: str) -> None:
    forms = (f"{sign}{number}", f"{sign}{number:,}", f"{sign}{number:,}".replace(",", " "), f"over {sign}{number:,}")
    assert len({quantity_of(form) for form in forms}) == 1
    found = quantity_of(forms[0])
    assert found is not None
    assert found.amount == number


@given(st.text(max_size=40) | st.text("one two half a £5,.mk%- ", max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    found = quantity_of(text)
    assert found is None or (found.agrees(found) and not found.differs(found))
