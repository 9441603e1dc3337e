"""MRR and nDCG of rankings, by ir-measures. The only file that imports it."""

from collections.abc import Mapping, Sequence

MEASURES = ("mrr@10", "ndcg@10")


def rank_measures(
    judgements: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Question id -> measure -> value, for every question in `judgements`.

    Reciprocal rank of the first relevant passage within 10 (Voorhees 1999), and nDCG with gain = grade and discount
    log2(rank + 1) (Jarvelin and Kekalainen 2002; trec_eval's form). A question without a ranking, or without a relevant
    passage in the corpus, has 0: it stays in the mean.

    Args:
        judgements: question id -> passage id -> grade, 1 or more; what is not named is not relevant.
        rankings: question id -> passage ids, best first.
    """
    import ir_measures
    from ir_measures import RR, nDCG

    names = {RR @ 10: MEASURES[0], nDCG @ 10: MEASURES[1]}
    values = {question: dict.fromkeys(MEASURES, 0.0) for question in judgements}
    # ir-measures orders by score: the place counted from the end keeps the order whatever the scores' ties.
    run = {
        question: {passage: float(len(ranking) - place) for place, passage in enumerate(ranking)}
        for question, ranking in rankings.items()
        if ranking and judgements.get(question)
    }
    judged = {question: dict(judgements[question]) for question in run}
    if run:
        for found in ir_measures.iter_calc(list(names), judged, run):
            values[found.query_id][names[found.measure]] = float(found.value)
    return values
