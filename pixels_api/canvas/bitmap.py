"""The whole canvas, one byte a pixel: what a client loads before it follows the stream."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from pixels_api.dependencies import CanvasView
from pixels_api.http.bitmap_cache import EncodedBitmap, etag_of
from pixels_api.http.errors import problems
from pixels_api.http.negotiation import Encoding, choose_encoding, matches
from pixels_core.errors import ReasonCode


@get(
    "/api/canvas/{canvas:str}/bitmap",
    summary="The bitmap",
    tags=["Canvas"],
    media_type="application/octet-stream",
    responses={
        HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="`If-None-Match` names the bitmap that stands."),
        **problems(ReasonCode.UNKNOWN_CANVAS),
    },
)
async def show_bitmap(request: Request[Any, Any, Any], view: NamedDependency[CanvasView]) -> Response[bytes]:
    """Return the palette slot of each pixel, row by row, as `br`, `gzip` or plain.

    The headers `Pixels-Seq` and `Pixels-Checksum` belong to exactly these bytes; go on with the stream from there.
    """
    encoding = choose_encoding(request.headers.get("accept-encoding"))
    head = view.bitmaps.snapshot()
    tag = etag_of(head, encoding)
    if matches(request.headers.get("if-none-match"), tag):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=_headers(head, tag))
    bitmap = await view.bitmaps.bitmap(encoding)
    headers = _headers(bitmap.snapshot, bitmap.etag)
    if encoding is not Encoding.IDENTITY:
        headers["Content-Encoding"] = encoding
    return Response(bitmap.body, media_type="application/octet-stream", headers=headers)


def _headers(snapshot: EncodedBitmap, tag: str) -> dict[str, str]:
    return {
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "Cache-Control": "no-cache",
        "Pixels-Epoch": snapshot.epoch,
        "Pixels-Seq": str(snapshot.seq),
        "Pixels-Checksum": str(snapshot.checksum),
        "Pixels-Width": str(snapshot.size.width),
        "Pixels-Height": str(snapshot.size.height),
    }
