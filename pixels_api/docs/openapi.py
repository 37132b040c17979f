"""This API described in OpenAPI 3.1, and as pages to browse. Nothing is loaded from elsewhere, no script runs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

from pixels_api.sessions.identity import COOKIE
from pixels_core.serialization import camel

from .docs_page import render_docs

_DESCRIPTION = """\
The REST side of Pixels, a shared canvas. Pixels are placed over the socket (see docs/wire.md); this side opens
sessions, loads the canvas, exports pictures and answers questions.
Errors are application/problem+json with a reason code."""

_CACHE = {"Cache-Control": "no-cache"}


class _OurOwnPages(JsonRenderPlugin):
    """Takes Litestar's pages away: they load their scripts from a CDN, and their 404 is not a problem+json."""

    def receive_router(self, router: Router) -> None:
        """Forget the routes made so far."""
        router.routes.clear()


def describe() -> OpenAPIConfig:
    """Return what OpenAPI says about the API as a whole."""
    return OpenAPIConfig(
        title="Pixels",
        version="1",
        description=_DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: camel(handler.handler_name),
        render_plugins=[_OurOwnPages()],
        tags=[
            Tag("Sessions", "Who you are: anonymous, with a name if you like."),
            Tag("Canvas", "The canvas as data and as pictures."),
            Tag("Pixels", "Single pixels and their history."),
            Tag("Operation", "For those who run the server."),
        ],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", description="The session's token."),
                "cookie": SecurityScheme(type="apiKey", name=COOKIE, security_scheme_in="cookie"),
            }
        ),
    )


@get("/api/openapi.json", include_in_schema=False, media_type="application/vnd.oai.openapi+json")
async def show_schema(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Return the description for programs."""
    return Response(request.app.openapi_schema.to_schema(), media_type="application/json", headers=_CACHE)


@get("/api/docs", include_in_schema=False, media_type="text/html")
async def show_docs(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the description for people."""
    return Response(render_docs(request.app.openapi_schema.to_schema()), media_type="text/html", headers=_CACHE)
