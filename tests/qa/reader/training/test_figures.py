from qa.reader.training.figures import auroc, exact, f1


def test_case_articles_and_punctuation_do_not_count() -> None:
    assert exact("The Mayor.", ["mayor"]) == 1.0
    assert exact("mayors", ["mayor"]) == 0.0


def test_f1_is_the_harmonic_mean_of_shared_words_with_the_best_answer() -> None:
    assert f1("28 February 2022", ["28", "in February"]) == 2 * 1 / (3 + 1)
    assert f1("red", []) == 0.0


def test_auroc_counts_pairs_in_order() -> None:
    assert auroc([3, 1, 2], [True, True, False]) == 1 / 2
