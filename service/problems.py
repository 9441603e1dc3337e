"""The kinds of error on the wire (RFC 9457): each has a stable `type`, a page for it, a title and a status."""

from dataclasses import dataclass

from service.responses import FieldProblem, ProblemBody
from sources.errors import CatalogError, ModelError, QuestionError, QuotaryError, SourceError, UnknownArticleError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error.

    Attributes:
        slug: end of its `type`, which is the path of the page that explains it.
        status: HTTP status.
        title: short and the same every time.
        meaning: for the page: when it happens and what to do.
    """

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        """The RFC 9457 `type`: a relative reference, resolved against the server."""
        return f"/problems/{self.slug}"


INVALID = Kind(
    "invalid-request",
    422,
    "The request cannot be understood",
    "A field is missing, unknown, of the wrong type or out of range. `errors` names each and what would be right.",
)
MALFORMED = Kind("malformed", 400, "The request is malformed", "The request could not be read as HTTP or JSON.")
UNKNOWN_ARTICLE = Kind(
    "unknown-article",
    404,
    "There is no such article",
    "The id names no stored article. It may have been removed; GET /v1/articles lists the ids there are.",
)
NOT_FOUND = Kind(
    "not-found", 404, "There is nothing at this address", "The path is wrong; /openapi.json lists them all."
)
METHOD = Kind("method-not-allowed", 405, "This method is not allowed here", "The `Allow` header lists those that are.")
TOO_LARGE = Kind(
    "too-large", 413, "The request is too large", "1 MB is read for a question, 10 MB for an article. Send less."
)
MEDIA_TYPE = Kind(
    "unsupported-media-type", 415, "The body is not JSON", "Send JSON with the header `Content-Type: application/json`."
)
UNAVAILABLE = Kind(
    "collection-unavailable",
    503,
    "The collection cannot be used now",
    "The data directory or a model file is damaged or missing. `quotary status` says which.",
)
INTERNAL = Kind(
    "internal", 500, "Something went wrong on our side", "The request was fine. The log has the details under the id."
)
KINDS = {
    kind.slug: kind
    for kind in (
        INVALID,
        MALFORMED,
        UNKNOWN_ARTICLE,
        NOT_FOUND,
        METHOD,
        TOO_LARGE,
        MEDIA_TYPE,
        UNAVAILABLE,
        INTERNAL,
    )
}
BY_STATUS = {400: MALFORMED, 404: NOT_FOUND, 405: METHOD, 413: TOO_LARGE, 415: MEDIA_TYPE, 422: INVALID}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as it is told to the user, in JSON or HTML."""

    kind: Kind
    detail: str
    fields: tuple[tuple[str, str], ...] = ()

    def body(self, request_id: str) -> ProblemBody:
        """The RFC 9457 object."""
        return {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request_id": request_id,
            "errors": [FieldProblem(field=field, message=message) for field, message in self.fields],
        }


def problem_of(error: QuotaryError) -> Problem:
    """The problem that an error of ours is on the wire."""
    match error:
        case QuestionError():
            return Problem(INVALID, str(error), ((error.field, error.reason),))
        case SourceError():
            return Problem(INVALID, str(error), (("text", error.reason),))
        case UnknownArticleError():
            return Problem(UNKNOWN_ARTICLE, f"no article has the id {error.article_id!r}")
        case CatalogError() | ModelError():
            return Problem(UNAVAILABLE, str(error))
    return Problem(INTERNAL, INTERNAL.meaning)
