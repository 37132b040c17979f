"""The page at `/` of a server that found no built web client: it says why, and what to do."""

from __future__ import annotations

from typing import Final

from litestar import Response, get
from litestar.status_codes import HTTP_404_NOT_FOUND

_PAGE: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pixels: only the API is served</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } body { margin: 0 auto; max-width: 40rem; padding: 3rem 1rem;
font: 1.05rem/1.6 system-ui, sans-serif } code { font: .95em ui-monospace, monospace }</style></head>
<body><main><h1>The canvas is running, its page is not here</h1>
<p>This server found no built web client, so it serves the API only.</p>
<p>In a checkout, run <code>make client</code> (or <code>make run</code>, which does it for you) and start the
server again. An installed <code>pixels</code> package carries the page. <code>PIXELS_CLIENT_DIR</code> names a
client that was built elsewhere.</p>
<p>What works: <a href="api/docs">the API and its documentation</a>, <a href="api/canvas/main">the canvas as data</a>,
and <a href="api/canvas/main/canvas.png">the canvas as a picture</a>.</p></main></body></html>
"""


@get("/", include_in_schema=False, media_type="text/html", status_code=HTTP_404_NOT_FOUND, sync_to_thread=False)
def explain_no_client() -> Response[str]:
    """Say that only the API is served, and how to get the page."""
    return Response(
        _PAGE, status_code=HTTP_404_NOT_FOUND, media_type="text/html", headers={"Cache-Control": "no-store"}
    )
