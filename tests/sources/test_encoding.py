"""Bytes to text: right, or refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.encoding import decode
from sources.errors import SourceError

NEWS = "It cost £1.5m – the council’s “full support” wasn’t enough, the café owner said.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("times", [1, 50])
def test_encodings_of_news_text(encoding: str, times: int) -> None:
    assert decode((NEWS * times).encode(encoding), "a.txt") == NEWS * times


@pytest.mark.parametrize("text", ["£5", "naïve café £5", "50° – “non”"])
def test_short_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252"), "a.txt") == text


def test_another_language_in_its_own_encoding() -> None:
    russian = "Совет города сообщил, что расследование продолжается и дети получают необходимую помощь. " * 20
    assert decode(russian.encode("cp1251"), "a.txt") == russian
    assert decode(russian.encode("koi8-r"), "a.html", declared="koi8-r") == russian


def test_only_newlines_change() -> None:
    assert decode(b"a\r\nb\rc\n \t\x0c\xc2\xa0\xe2\x80\x8b\x1bd" + b"e" * 100, "a.txt") == (
        "a\nb\nc\n \t\x0c\xa0\u200b\x1bd" + "e" * 100
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04\0\0\0", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "binary"),
        (b"text \x01\x02\x03\x04 text", "binary"),
        ("text".encode("utf-16-le"), "byte-order mark"),
        (b"\xff\xfeabc", "damaged at byte"),
        (b"\xef\xbb\xbf\xff", "damaged at byte"),
        ("wasn’t £5".encode() + b" \xff", "damaged UTF-8 (byte 0xff at 13)"),
        ("“cut off”".encode()[:-1], "damaged UTF-8"),
        (bytes(range(128, 256)), "cannot be told"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data, "bad.txt")
    assert str(caught.value).startswith("bad.txt: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary())
def test_any_bytes_give_text_or_a_source_error(data: bytes) -> None:
    try:
        text = decode(data, "any")
    except SourceError:
        return
    assert "\r" not in text
    assert "\0" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_round_trip(text: str) -> None:
    assert decode(text.encode(), "any") == text.removeprefix("\ufeff")
