"""The canvas as a picture to look at, to print or to put elsewhere."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from pixels_core.errors import ReasonCode

from .dependencies import CanvasView
from .errors import problems
from .negotiation import matches
from .rendering import Picture, PictureFormat, check_scale, cut, palette_bytes, region_of
from .settings import ApiSettings

X = Annotated[int, QueryParameter(description="Left column of the region.")]
Y = Annotated[int, QueryParameter(description="Upper row of the region.")]
Width = Annotated[int | None, QueryParameter(description="Columns of the region; to the right edge without it.")]
Height = Annotated[int | None, QueryParameter(description="Rows of the region; to the lower edge without it.")]
Scale = Annotated[int, QueryParameter(description="How many pixels wide and high each pixel is drawn, 1 to 16.")]

_ANSWERS = {
    HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="`If-None-Match` names the picture that stands."),
    **problems(ReasonCode.UNKNOWN_CANVAS, ReasonCode.OUT_OF_BOUNDS, ReasonCode.TOO_LARGE),
}


class Studio:
    """Draws pictures in threads, few at a time: each may take tens of megabytes."""

    def __init__(self, settings: ApiSettings, at_once: int = 2) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(at_once)

    async def answer(
        self,
        request: Request[Any, Any, Any],
        view: CanvasView,
        form: PictureFormat,
        area: tuple[int, int, int | None, int | None],
        scale: int,
    ) -> Response[bytes]:
        """Return the picture, or 304 where the client has it already."""
        settings = self._settings
        region = region_of(view.state.identity.size, *area)
        check_scale(region, scale, form, settings.max_export_scale, settings.max_export_pixels)
        shot = view.bitmaps.snapshot()
        pixels = cut(shot.pixels, shot.size, region)
        picture = Picture(form, region, scale, palette_bytes(shot.palette), pixels)
        tag = await asyncio.to_thread(lambda: picture.etag)
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Pixels-Seq": str(shot.seq)}
        if matches(request.headers.get("if-none-match"), tag):
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        async with self._turns:
            body = await asyncio.to_thread(picture.render)
        return Response(body, media_type=form.media_type, headers=headers)


@get(
    "/api/canvas/{canvas:str}/canvas.png",
    summary="The canvas as PNG",
    tags=["Canvas"],
    media_type="image/png",
    responses=_ANSWERS,
)
async def show_png(
    request: Request[Any, Any, Any],
    view: NamedDependency[CanvasView],
    studio: NamedDependency[Studio],
    x: X = 0,
    y: Y = 0,
    width: Width = None,
    height: Height = None,
    scale: Scale = 1,
) -> Response[bytes]:
    """Return the canvas, or a region of it, without loss and with the palette's own colours."""
    return await studio.answer(request, view, PictureFormat.PNG, (x, y, width, height), scale)


@get(
    "/api/canvas/{canvas:str}/canvas.jpg",
    summary="The canvas as JPEG",
    tags=["Canvas"],
    media_type="image/jpeg",
    responses=_ANSWERS,
)
async def show_jpeg(
    request: Request[Any, Any, Any],
    view: NamedDependency[CanvasView],
    studio: NamedDependency[Studio],
    x: X = 0,
    y: Y = 0,
    width: Width = None,
    height: Height = None,
    scale: Scale = 1,
) -> Response[bytes]:
    """Return the canvas, or a region of it, for places that do not take PNG (quality 90)."""
    return await studio.answer(request, view, PictureFormat.JPEG, (x, y, width, height), scale)
