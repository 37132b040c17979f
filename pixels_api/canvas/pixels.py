"""One pixel: whose it is, and whose it was."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from pixels_api.dependencies import CanvasView, Dependencies
from pixels_api.http.errors import problems
from pixels_api.schemas import PixelInfo, PlacementEntry
from pixels_core.canvas.palette import format_hex
from pixels_core.errors import ReasonCode

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many placements of the history to return.")]


@get(
    "/api/canvas/{canvas:str}/pixel/{x:int}/{y:int}",
    summary="A pixel's owner and history",
    tags=["Pixels"],
    responses=problems(ReasonCode.UNKNOWN_CANVAS, ReasonCode.OUT_OF_BOUNDS, ReasonCode.UNAVAILABLE),
)
async def show_pixel(
    view: NamedDependency[CanvasView],
    dependencies: NamedDependency[Dependencies],
    x: FromPath[int],
    y: FromPath[int],
    limit: Limit = 20,
) -> PixelInfo:
    """Return the pixel's colour now, and its placements, the newest first. Records may trail the canvas."""
    cell = view.state.identity.size.cell(x, y)
    history = await view.records.history(cell, limit)
    names = await dependencies.users.names({record.user for record in history})
    placements = tuple(
        PlacementEntry(
            seq=record.seq,
            color=record.color,
            user=record.user,
            user_name=names.get(record.user),
            time=record.time,
        )
        for record in history
    )
    newest = placements[0] if placements else None
    palette, color = view.state.palette, view.state.canvas.get(cell)
    return PixelInfo(
        x=x,
        y=y,
        color=color,
        hex=format_hex(palette.colors[color]),
        color_name=palette.name(color),
        user=newest.user if newest else None,
        user_name=newest.user_name if newest else None,
        time=newest.time if newest else None,
        seq=newest.seq if newest else None,
        history=placements,
    )
