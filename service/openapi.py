"""The OpenAPI document: FastAPI's, with errors in the media type they are really sent in."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi


def openapi(app: FastAPI) -> dict[str, Any]:
    """The document, made once and kept on `app`."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path in document["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        # FastAPI adds the application's default media type beside the one declared.
                        response["content"].pop("application/json", None)
        app.openapi_schema = document
    return app.openapi_schema
