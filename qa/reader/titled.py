"""What stands before a passage in the reader's input: the title of its article.

A passage that says "the council" or "he" is read as what it is about. Weights say whether they were trained so
(`titled` in reader.json).
"""

# A character that running text hardly has, so that the network can tell where the passage begins.
TITLE_END = "|"
# Characters; a headline has some 70, and the words of a longer one would take room from the passage.
LONGEST_TITLE = 120


def above(title: str) -> str:
    """The words before a passage; none without a title."""
    words = " ".join(title.split())[:LONGEST_TITLE]
    return f"{words} {TITLE_END} " if words else ""
