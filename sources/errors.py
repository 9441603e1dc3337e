"""The error tree of Quotary. Whatever a user can cause is one of these; the message names value and expectation.

QuotaryError
├── SourceError            an input cannot be read as articles (names the file or record)
├── UnknownArticleError    an article id that is not in the collection
├── CatalogError           the data directory cannot be used
│   ├── DamagedIndexError  a file is missing or fails its checksum
│   ├── ModelMismatchError the index was made with another embedding model
│   └── OutdatedIndexError the index was made by a version that works otherwise
├── QuestionError          a question or request field that cannot be answered as asked
├── ModelError             model files cannot be loaded (missing, wrong checksum)
├── SettingsError          a setting has a value that is not allowed
└── GoldError              a gold question file cannot be read
"""


class QuotaryError(Exception):
    """Base of every error that Quotary raises on purpose; `str(error)` is fit for a user's eyes."""


class SourceError(QuotaryError):
    """An input cannot be read as articles.

    Args:
        origin: the file, URL or record that was read, as the user named it.
        reason: what is wrong and what would be right, in one clause.
    """

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"{origin}: {reason}")
        self.origin = origin
        self.reason = reason


class UnknownArticleError(QuotaryError):
    """No live article has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}; 'quotary list' shows the ids there are")
        self.article_id = article_id


class CatalogError(QuotaryError):
    """The data directory cannot be used as it is."""


class DamagedIndexError(CatalogError):
    """An index file is missing, truncated or fails its checksum."""


class ModelMismatchError(CatalogError):
    """The index was built with another embedding model than the one in use."""


class OutdatedIndexError(CatalogError):
    """The index was built by a version of Quotary that cuts, embeds or analyses articles otherwise."""


class QuestionError(QuotaryError):
    """A question or a field of a request is outside what can be answered.

    Args:
        field: the request field at fault, dotted (`filters.published_from`).
        reason: what is wrong and what would be right.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ModelError(QuotaryError):
    """Model files cannot be loaded: missing, unreadable or failing their checksum."""


class SettingsError(QuotaryError):
    """A setting has a value that is not allowed."""


class GoldError(QuotaryError):
    """A gold question file cannot be read (names file and line)."""
