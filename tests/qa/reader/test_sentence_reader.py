"""The two readers that need no training: which sentence they mark."""

from index.split import whole
from index.terms import EnglishTerms
from qa.hit import Hit, Scores
from qa.reader.reader import Reader
from qa.reader.sentence_reader import SentenceReader
from qa.reader.term_reader import TermReader
from tests.fakes import WordEncoder, article

SENTENCES = SentenceReader(WordEncoder())
TERMS = TermReader(EnglishTerms())


def hit(text: str) -> Hit:
    made = article(text[:8], text)
    return Hit(whole(made)[0], made, 1, 0.0, Scores())


def marked(reader: Reader, question: str, *texts: str) -> list[str]:
    hits = [hit(text) for text in texts]
    return [found.sentence.of(one.article.text) for one, found in zip(hits, reader.read(question, hits), strict=True)]


def test_the_nearest_sentence_of_each_passage_is_marked() -> None:
    texts = ("Rain fell. The river rose by two metres. Trains ran.", "A fire broke out. The river was calm.")
    for reader in (SENTENCES, TERMS):
        assert marked(reader, "the river rose", *texts) == ["The river rose by two metres.", "The river was calm."]


def test_a_headline_alone_is_its_own_sentence() -> None:
    for reader in (SENTENCES, TERMS):
        assert marked(reader, "who resigned", "Council leader resigns") == ["Council leader resigns"]


def test_no_passages_no_readings() -> None:
    assert SENTENCES.read("anything", []) == ()
    assert TERMS.read("anything", []) == ()


def test_a_rare_shared_word_counts_more_than_a_common_one() -> None:
    text = "The council met. The council voted. The council paused. A commissioner came."
    assert marked(TERMS, "council commissioner", text) == ["A commissioner came."]


def test_the_term_readers_score_is_the_weighted_share_of_the_question() -> None:
    (whole_question,) = TERMS.read("rain fell", [hit("Rain fell. It stopped.")])
    (nothing,) = TERMS.read("rain fell", [hit("Snow came.")])
    assert whole_question.score == 1.0
    assert nothing.score == 0.0
