"""The canvas as a picture to look at, to print or to put elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from pixels_api.dependencies import CanvasView
from pixels_api.http.errors import problems
from pixels_core.errors import ReasonCode

from .picture_service import PictureService
from .rendering import PictureFormat

X = Annotated[int, QueryParameter(description="Left column of the region.")]
Y = Annotated[int, QueryParameter(description="Upper row of the region.")]
Width = Annotated[int | None, QueryParameter(description="Columns of the region; to the right edge without it.")]
Height = Annotated[int | None, QueryParameter(description="Rows of the region; to the lower edge without it.")]
Scale = Annotated[int, QueryParameter(description="How many pixels wide and high each pixel is drawn, 1 to 16.")]

_ANSWERS = {
    HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="`If-None-Match` names the picture that stands."),
    **problems(ReasonCode.UNKNOWN_CANVAS, ReasonCode.OUT_OF_BOUNDS, ReasonCode.TOO_LARGE, ReasonCode.RATE_LIMITED),
}


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
    picture_service: NamedDependency[PictureService],
    x: X = 0,
    y: Y = 0,
    width: Width = None,
    height: Height = None,
    scale: Scale = 1,
) -> Response[bytes]:
    """Return the canvas, or a region of it, without loss and with the palette's own colours."""
    return await picture_service.answer(request, view, PictureFormat.PNG, (x, y, width, height), scale)


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
    picture_service: NamedDependency[PictureService],
    x: X = 0,
    y: Y = 0,
    width: Width = None,
    height: Height = None,
    scale: Scale = 1,
) -> Response[bytes]:
    """Return the canvas, or a region of it, for places that do not take PNG (quality 90)."""
    return await picture_service.answer(request, view, PictureFormat.JPEG, (x, y, width, height), scale)
