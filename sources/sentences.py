"""Sentence boundaries in news English: text -> spans, every non-white-space character in exactly one of them.

A candidate is a run of full stops, question or exclamation marks, with the closing quotes and brackets after it,
before white space. What stands before and after it decides. Ours, not a library's, because offsets must be exact,
never raise, and a million passages must be split; `tests/sources/test_sentences.py` holds the decided cases.
"""

import re

from sources.abbreviations import ALWAYS_OPEN, BEFORE_NUMBER, CLOCK, CLOCK_FOLLOWERS, STARTERS, USUALLY_OPEN
from sources.article import Span

_CLOSERS = "\"'”’)\\]}»›"
_OPENERS = "\"'“”‘’(\\[{«‹"

# Possessive runs and the look-behind keep the search linear on any text (a million full stops included).
_CANDIDATE = re.compile(
    rf"""
    (?<![.!?…])(?P<marks>(?:\.(?:\x20\.){{2,3}}|[.!?…]++))(?P<closers>[{_CLOSERS}]*+(?:\[\d{{1,3}}\])*+)
        (?:\s++|(?=[{_OPENERS}]*+[A-Z][a-z]*+[\s,’']))
    | \n[^\S\n]*+\n\s*+                     # a blank line always ends a sentence
    | (?<=[:;.,])\s++(?=[•▪●‣◦]\s)          # so does a bullet inside a line
    | [。！？]++[」』”’）]*+\s*+
    """,
    re.VERBOSE,
)
_NEXT = re.compile(rf"[{_OPENERS}]*+(\w+)")
_ENUMERATOR = re.compile(rf"[{_OPENERS}]*(?:[a-zA-Z]|\d{{1,2}}|[ivx]{{1,4}})\)\s")
_LIST_MARKER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]|(?:[A-Z][a-z]?\.)+[A-Z][a-z]{0,2}")
_ATTRIBUTION = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Lady|Cllr|Councillor|Prof|Professor)\.? )?(?:[A-Z][\w’'-]+ ){1,3}"
    r"(?:said|says|asked|asks|added|adds|told|replied|shouted|cried|wrote|tweeted|wondered)\b"
)
_LONGEST_ABBREVIATION = 24
_QUOTES = frozenset("\"'“”‘’«»")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, as spans of code points into `text`.

    Spans are in order, do not overlap, are never empty, neither begin nor end with white space, and together hold
    every other character of the range. A single newline is white space; a blank line ends a sentence.

    >>> [span.of("He came at 5 p.m. on 3 Jan. 2022. “Why?” she said.") for span in sentence_spans(
    ...     "He came at 5 p.m. on 3 Jan. 2022. “Why?” she said.")]
    ['He came at 5 p.m. on 3 Jan. 2022.', '“Why?” she said.']
    """
    if end is None or end > len(text):
        end = len(text)
    start = _skip_space(text, start, end)
    spans: list[Span] = []
    for match in _CANDIDATE.finditer(text, start, end):
        after = match.end()
        if after >= end:
            break
        if match["marks"] is None:
            stop = _trim_space(text, start, after)
        elif _ends_sentence(text, start, match):
            stop = match.end("closers")
        else:
            continue
        if stop > start:
            spans.append(Span(start, stop))
            start = after
    stop = _trim_space(text, start, end)
    if stop > start:
        spans.append(Span(start, stop))
    return spans


def _ends_sentence(text: str, begin: int, candidate: re.Match[str]) -> bool:
    """Whether the candidate's marks end the sentence that began at `begin`."""
    marks_at, marks_end = candidate.span("marks")
    closed, after = candidate.end("closers"), candidate.end()
    following = _NEXT.match(text, after)
    if following is None or text.count("\n", closed, after) > 1:
        return True
    word = following.group(1)
    if after == closed:
        # No space: two sentences run together ("improve.The council") only if a plain word meets a usual opening.
        return word in STARTERS and marks_at - begin > 1 and text[marks_at - 2 : marks_at].islower()
    head = word[0]
    if head.islower() and not word[1:2].isupper() and not _ENUMERATOR.match(text, after):
        return False
    if text[marks_at] in "!?" or text[marks_end - 1] in "!?":
        quoted = closed > marks_end and text[closed - 1] in _QUOTES
        return not (quoted and _ATTRIBUTION.match(text, after))
    if marks_end - marks_at > 1 or text[marks_at] == "…":
        return word != "I"
    return _full_stop_ends(text, begin, marks_at, word, quote_follows=text[after] in _QUOTES)


def _full_stop_ends(text: str, begin: int, stop: int, word: str, *, quote_follows: bool) -> bool:
    """Whether the single full stop at `stop`, before the capital or number `word`, is more than an abbreviation's."""
    tail = text[max(begin, stop - _LONGEST_ABBREVIATION) : stop].rsplit(None, 1)
    token = tail[-1].lstrip("\"'“”‘’([{«") if tail else ""
    if begin + len(token) + 2 >= stop and _LIST_MARKER.fullmatch(text, begin, stop):
        return False
    if token.lower() in CLOCK:
        return word not in CLOCK_FOLLOWERS and not word[0].isdigit()
    if token in BEFORE_NUMBER and word[0].isdigit():
        return False
    if token in ALWAYS_OPEN:
        return False
    initial = len(token) == 1 and token.isupper()
    if initial or token in USUALLY_OPEN or _DOTTED.fullmatch(token):
        return word in STARTERS or (quote_follows and not initial)
    return True


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _trim_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
