"""What is known of a request before it is worked on."""

import pytest

from service.requests import AskRequest, VerifyRequest


@pytest.mark.parametrize(
    ("more", "quick"),
    [
        ({"reader": "none"}, True),
        ({"reader": "none", "top_k": 50, "highlight": False}, True),
        ({}, False),
        ({"reader": "default"}, False),
        ({"reader": "none", "filters": {"publisher": ["a"]}}, False),
        ({"reader": "none", "as_of": "2022-02-28"}, False),
    ],
)
def test_a_question_is_quick_without_reader_and_filters(more: dict[str, object], quick: bool) -> None:
    assert AskRequest.model_validate({"question": "Who?", **more}).is_quick is quick


def test_other_requests_are_not_quick() -> None:
    assert not VerifyRequest(article_id="a", start=0, end=1, quote="b", sha256=None).is_quick
