import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from eval.corpus import check_gold, read_corpus
from eval.questions import read_gold
from qa.reader.training.examples import read_sets
from qa.reader.training.stories import STORIES, held_out, parse, read_stories, write_gold, write_set
from sources.errors import SourceError

STORY = """\
STORY: a bridge is closed
ARTICLE: Bridge closed
PUBLISHER: Gazette
DATE: 2023-05-14

The mayor closed the bridge on 12 May 2023. It will cost £4m to mend, the mayor said.
ARTICLE: Bridge open
PUBLISHER: Herald
DATE: 2023-09-02

The bridge, closed on 12 May 2023, is open. The mayor thanked everyone.
QUESTIONS
Q: when did the bridge close
A: 1 | 12 May 2023
A: 2 | 12 May 2023
Q: Who spoke of the cost?
A: 1 | the mayor | £4m to mend, the mayor said

N: Who built the bridge?
"""


def test_each_answer_is_where_it_is_said_to_be() -> None:
    story = parse("bridge", STORY)
    assert [report.title for report in story.reports] == ["Bridge closed", "Bridge open"]
    assert [question.text for question in story.questions][1:] == ["Who spoke of the cost?", "Who built the bridge?"]
    when, who, built = (question.answers for question in story.questions)
    assert [(n, span.of(story.reports[n].text)) for n, span in when] == [(0, "12 May 2023"), (1, "12 May 2023")]
    ((report, span),) = who
    assert story.reports[report].text[span.start - 9 : span.end] == "to mend, the mayor"
    assert not built


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("QUESTIONS", "ASKED", r"has a line QUESTIONS"),
        ("A: 2 |", "A: 3 |", r"number of a report.*3 \| 12 May 2023"),
        ("the mayor | £4m to mend, the mayor said", "mayor", r"stand once in its report: 1 \| mayor"),
        ("N: Who", "Who", r"no Q, N or A: Who built"),
        ("N: Who", "Q: Who", r"a Q has lines A and an N has none: Who built"),
        ("Q: Who spoke", "N: Who spoke", r"a Q has lines A and an N has none: Who spoke"),
        ("2023-05-14", "May 2023", r"DATE is written 2023-05-14, not 'May 2023'"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        parse("bridge", STORY.replace(old, new))


def test_a_training_set_is_made_that_training_reads(tmp_path: Path, tokenizer: Tokenizer) -> None:
    assert write_set([parse("bridge", STORY)], tmp_path) == (2, 4)
    questions = read_sets([tmp_path], tokenizer)
    quotes = []
    for asked in questions.asked:
        home = questions.contexts[asked.context]
        quotes.append(asked.target and home.text[home.starts[asked.target[0]] : home.ends[asked.target[1]]])
    assert quotes == ["12 May 2023", "12 May 2023", "the mayor", None]
    assert [asked.context for asked in questions.asked][:3] == [0, 1, 0]


def test_gold_questions_are_made_that_the_eval_reads(tmp_path: Path) -> None:
    story = parse("a/bridge", STORY)
    assert write_gold([story], tmp_path) == 3
    gold = read_gold([tmp_path / "gold.jsonl"])
    corpus = read_corpus(tmp_path / "articles", story.reports[0].added_at)
    check_gold(gold, corpus)
    assert [question.answerable for question in gold] == [True, True, False]
    assert {article.text.strip() for article in corpus.articles} == {report.text for report in story.reports}


def test_the_stories_here_are_in_order(tmp_path: Path) -> None:
    stories = read_stories(STORIES)
    training, held = held_out(stories)
    assert len(training) + len(held) == len(stories) > 100
    assert not {report.title for story in training for report in story.reports} & {
        report.title for story in held for report in story.reports
    }
    write_set(training, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "queries.jsonl").read_text("utf-8").splitlines()]
    passages = [json.loads(line) for line in (tmp_path / "corpus.jsonl").read_text("utf-8").splitlines()]
    texts = {passage["id"]: passage["text"] for passage in passages}
    for row in rows:
        for span in row["answer_spans"]:
            assert texts[row["relevant"][0]][span["start"] :].startswith(span["text"])
    unanswered = sum(not row["answerable"] for row in rows)
    assert 0.15 * len(rows) < unanswered < 0.4 * len(rows)
