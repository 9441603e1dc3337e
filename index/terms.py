"""The lexical index: BM25 over stemmed words, by tantivy (the only file that imports it)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

from index.filters import Filters
from index.passage import Passage
from index.scored import Scored, best_first
from sources.article import Article
from sources.errors import DamagedIndexError

_ANALYZER = "quotary_english"
# Bytes of ASCII in lower case; no term crosses white space or a punctuation mark, which all become spaces, but for "?".
_LOWER = bytes(ord(letter.lower()) if (letter := chr(code)) == "?" or letter.isalnum() else 32 for code in range(128))
_LOWER += bytes(128)  # which do not occur
# Words whose terms are remembered, some 250 bytes each: a few thousand words are most of any text.
_WORDS_KEPT = 8_192
# Beside tantivy's list of articles and prepositions: words that shape a question and say nothing of its subject. Left
# in, "how much" scores as high as a name, since news reports hardly use it. "May" and "US" stay words.
_QUESTION_WORDS = (
    "what when where who whom whose which why how much many do does did doing done has have had having were been "
    "being am can could would should might must shall you your i me my we our he him his she her hers its "
    "from about than so some any all there here tell give get got please find show know say said s t"
).split()
# An unknown word of this length or more may be a typing error: one edit away, two from ten letters on.
SHORTEST_TYPO = 5
# What a corrected word adds, as much as a word in a tenth of the passages would: tantivy gives such matches no BM25.
TYPO_SCORE = 2.0
# One thread: tantivy then writes one segment a commit, and two cores are busy with encoding anyway.
_WRITER_THREADS = 1
_WRITER_HEAP_BYTES = 64_000_000


class EnglishTerms:
    """Text to index terms, the same for passages and questions, whatever the index holds.

    Attributes:
        analyzer: tantivy's chain: lower-cased, folded, without stop words, stemmed.
    """

    def __init__(self) -> None:
        self.analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(60))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.ascii_fold())
            .filter(tantivy.Filter.stopword("english"))
            .filter(tantivy.Filter.custom_stopword(_QUESTION_WORDS))
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        self._terms_in = lru_cache(_WORDS_KEPT)(self.analyzer.analyze)

    def __call__(self, text: str) -> list[str]:
        """The distinct terms of a text, in order."""
        return list(dict.fromkeys(self.analyzer.analyze(text)))

    def among(self, wanted: frozenset[str], text: str) -> list[tuple[int, str]]:
        """Where the text has which of the wanted terms: (position of the word, term), in no order.

        As by all of the text's terms, in a fraction of the time: only words that begin like a wanted term are stemmed,
        since stems keep a word's first two letters, but for "dying", "lying" and "tying". What folding may change, a
        word with other letters than ASCII, is always stemmed.
        """
        begins = {b" " + term[:2].encode() for term in wanted}
        begins |= {begin[:2] + b"y" for begin in begins if begin[2:] == b"i"}
        words = _words_with(begins, text)
        return [(at, term) for at, word in words for term in self._terms_in(word) if term in wanted]


def _words_with(begins: Iterable[bytes], text: str) -> list[tuple[int, str]]:
    """The text's words that begin like one of these, a space and two letters in lower case, and all foreign ones."""
    # A byte a letter, which is searched in a third of the time: "?" is any letter other than ASCII's.
    letters = text.replace("?", " ").encode("ascii", "replace")
    spaced = b" " + letters.translate(_LOWER) + b" "
    found = []
    for begin in begins:
        at = spaced.find(begin)
        while at >= 0:
            end = spaced.find(b" ", at + 1)
            found.append((at, text[at : end - 1]))
            at = spaced.find(begin, end)
    at = spaced.find(b"?")
    while at >= 0:
        begin_at, end = spaced.rfind(b" ", 0, at), spaced.find(b" ", at)
        found.append((begin_at, text[begin_at : end - 1]))
        at = spaced.find(b"?", end)
    return found


class Terms:
    """The words of every passage, on disk. One writer at a time, which the catalog's lock sees to.

    Raises:
        DamagedIndexError: the directory holds something that tantivy cannot open.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._terms_of = EnglishTerms()
        self._schema = (
            tantivy.SchemaBuilder()
            .add_integer_field("key", indexed=True, fast=True)
            .add_text_field("article", tokenizer_name="raw", index_option="basic")
            .add_text_field("publisher", tokenizer_name="raw", index_option="basic")
            .add_integer_field("published", indexed=True, fast=True)
            .add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
            .build()
        )
        directory.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(self._schema, path=str(directory))
        except ValueError as error:
            raise DamagedIndexError(f"the lexical index in {directory} cannot be opened: {error}") from error
        self._index.register_tokenizer(_ANALYZER, self._terms_of.analyzer)

    def apply(self, removed: Sequence[int], added: Iterable[tuple[Passage, Article]]) -> None:
        """Remove and add passages in one commit, on disk when this returns."""
        writer = self._index.writer(_WRITER_HEAP_BYTES, _WRITER_THREADS)
        for key in removed:
            writer.delete_documents_by_term("key", key)
        for passage, article in added:
            writer.add_document(_document(passage, article))
        writer.commit()
        writer.wait_merging_threads()

    def files(self) -> list[str]:
        """The names of the files of the last commit, locks left out."""
        return sorted(path.name for path in self.directory.iterdir() if path.suffix != ".lock")

    def searcher(self) -> "TermSearcher":
        """A view of the last commit that later commits do not change.

        Raises:
            DamagedIndexError: files of that commit are gone.
        """
        try:
            self._index.reload()
        except ValueError as error:
            raise DamagedIndexError(f"the lexical index in {self.directory} cannot be opened: {error}") from error
        return TermSearcher(self._index.searcher(), self._schema, self._terms_of)


class TermSearcher:
    """One commit of the lexical index, for reading; safe to use from many threads."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, terms_of: "EnglishTerms") -> None:
        self._searcher = searcher
        self._schema = schema
        self._terms_of = terms_of

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, k: int, filters: Filters) -> list[Scored]:
        """The k passages with the highest BM25 for any of the question's words: (key, score), best first.

        Equal scores are in order of key.
        """
        terms = self._terms_of(question)
        if not terms or not len(self):
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._word(term)) for term in terms])
        if filters:
            conditions = [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(c, 0.0)) for c in self._conditions(filters)
            ]
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        hits = self._searcher.search(query, limit=k, count=False).hits
        keys = self._keys([address for _, address in hits])
        scores = [float(score) for score, _ in hits]
        return best_first(zip(keys, scores, strict=True))

    def keys(self) -> set[int]:
        """The keys of all passages in this commit."""
        hits = self._searcher.search(tantivy.Query.all_query(), limit=max(1, len(self)), count=False).hits
        return set(self._keys([address for _, address in hits]))

    def _keys(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        values = self._searcher.fast_field_values("key", addresses)
        return [value for value in values if isinstance(value, int)]

    def _word(self, term: str) -> tantivy.Query:
        """Passages with the term or, where no passage has it, with one that a slip of the keys makes of it."""
        if len(term) < SHORTEST_TYPO or self._searcher.doc_freq("text", term):
            return tantivy.Query.term_query(self._schema, "text", term)
        edits = 1 if len(term) < 2 * SHORTEST_TYPO else 2
        near = tantivy.Query.fuzzy_term_query(self._schema, "text", term, distance=edits, transposition_cost_one=True)
        return tantivy.Query.const_score_query(near, TYPO_SCORE)

    def _conditions(self, filters: Filters) -> list[tantivy.Query]:
        conditions = []
        if filters.publishers:
            names = [name.casefold() for name in filters.publishers]
            conditions.append(tantivy.Query.term_set_query(self._schema, "publisher", names))
        if filters.article_ids:
            conditions.append(tantivy.Query.term_set_query(self._schema, "article", list(filters.article_ids)))
        if filters.published_from or filters.published_to:
            conditions.append(
                tantivy.Query.range_query(
                    self._schema,
                    "published",
                    tantivy.FieldType.Integer,
                    filters.published_from.toordinal() if filters.published_from else 1,
                    filters.published_to.toordinal() if filters.published_to else None,
                )
            )
        return conditions


def _document(passage: Passage, article: Article) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("key", passage.key)
    document.add_text("article", article.id)
    if article.publisher:
        document.add_text("publisher", article.publisher.casefold())
    if article.published_at:
        document.add_integer("published", article.published_at.toordinal())
    document.add_text("text", passage.span.of(article.text))
    return document
