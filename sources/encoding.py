"""Bytes to text: byte-order marks, UTF-8, and careful guesses for older encodings.

The only file that imports charset_normalizer. Newlines become "\\n"; nothing else about the text is changed, control
characters included: the stored text is what the source said. NUL never occurs in text, so it marks a binary file.
"""

import codecs
import re

from charset_normalizer import from_bytes

from sources.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 262_144
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WESTERN = frozenset("£€‘’“”‚„–—…•·°½¼¾©®™§«»\xa0´ªº¡ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÛÜàáâãäåæçèéêëíîïñóôõöøùúûüßœŒšžŽŠŸ")
_MOST_ACCENTS = 0.25
_LEAST_COHERENCE = 0.2


def decode(data: bytes, origin: str, declared: str | None = None) -> str:
    """The text in `data`: by its byte-order mark, else UTF-8, else as declared, else a legacy encoding if it is clear.

    Args:
        data: a whole file.
        origin: how to name it in an error.
        declared: an encoding that the file itself names (an HTML page's `charset`).

    Raises:
        SourceError: a binary file, damaged UTF-8, or an encoding that cannot be told.
    """
    text = _decode(data, origin, declared)
    if "\0" in text or len(_CONTROL.findall(text[:_SAMPLE])) > _MOST_CONTROLS * min(len(text), _SAMPLE):
        raise SourceError(origin, "is a binary file, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, origin: str, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise SourceError(origin, f"begins as {encoding} but is damaged at byte {error.start}") from error
    if b"\0" in data[:_SAMPLE]:
        raise SourceError(origin, "is a binary file, not text (UTF-16 text needs its byte-order mark)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        damage = error
    if declared is not None:
        try:
            return data.decode(declared)
        except (LookupError, UnicodeError):
            pass
    if _UTF8_SEQUENCE.search(data):
        reason = f"is damaged UTF-8 (byte 0x{data[damage.start]:02x} at {damage.start}); save it as UTF-8"
        raise SourceError(origin, reason) from damage
    return _legacy(data, origin)


def _legacy(data: bytes, origin: str) -> str:
    """Windows-1252 if that reads as western text, else what charset_normalizer is sure of."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = sum(character.isalpha() for character in text)
    accents = sum(character.isalpha() for character in text if character > "\x7f")
    if text and _WESTERN.issuperset(c for c in text if c > "\x7f") and accents <= _MOST_ACCENTS * letters:
        return text
    best = from_bytes(data[:_SAMPLE]).best()
    if best is None or best.coherence < _LEAST_COHERENCE:
        raise SourceError(origin, "is in an encoding that cannot be told; save it as UTF-8")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise SourceError(origin, f"looks like {best.encoding} but is damaged at byte {error.start}") from error
