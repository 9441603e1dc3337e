"""Articles on their way into the catalog, gathered so that encoding and committing are done in bulk."""

from collections import defaultdict

from index.passage import Passage, Placed
from sources.article import Article


class Batch:
    """Articles with their passages; a later article with the same id takes the place of the former.

    Attributes:
        articles: article id -> the article and its passages, in the order they came.
        passages: how many passages there are in all.
    """

    def __init__(self) -> None:
        self.articles: dict[str, tuple[Article, tuple[Passage, ...]]] = {}
        self.passages = 0
        self._ids_by_text: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, article: Article, passages: tuple[Passage, ...]) -> None:
        """Take an article in."""
        if article.id in self.articles:
            former, its_passages = self.articles[article.id]
            self.passages -= len(its_passages)
            self._ids_by_text[former.sha256].discard(article.id)
        self.articles[article.id] = (article, passages)
        self.passages += len(passages)
        self._ids_by_text[article.sha256].add(article.id)

    def placed(self) -> list[Placed]:
        """Every passage with its article."""
        return [(passage, article) for article, passages in self.articles.values() for passage in passages]

    def holds_same(self, article: Article) -> bool:
        """Whether another article of the batch says just the same."""
        others = self._ids_by_text[article.sha256] - {article.id}
        return any(article.same_content(self.articles[other][0]) for other in others)
