"""What there is to know about a canvas besides its pixels."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from pixels_api.dependencies import CanvasView
from pixels_api.http.errors import problems
from pixels_api.schemas import CanvasInfo, LimitsEntry, LockEntry, PaletteInfo, SwatchEntry
from pixels_core.canvas.palette import Palette, format_hex
from pixels_core.errors import ReasonCode
from pixels_core.rules.state import Limits
from pixels_core.stream.stream import limits_info, lock_info, palette_info


@get(
    "/api/canvas/{canvas:str}",
    summary="A canvas's size, head and rules",
    tags=["Canvas"],
    responses=problems(ReasonCode.UNKNOWN_CANVAS),
)
async def show_canvas(view: NamedDependency[CanvasView]) -> CanvasInfo:
    """Return what `canvas:state` tells on the socket, for those who only look."""
    state = view.state
    identity = state.identity
    return CanvasInfo(
        canvas=identity.canvas,
        epoch=identity.epoch,
        width=identity.size.width,
        height=identity.size.height,
        seq=state.seq,
        checksum=state.canvas.checksum,
        palette=_swatches(state.palette),
        limits=_limits(state.limits),
        locks=tuple(
            LockEntry(
                id=lock.id, x=lock.x, y=lock.y, width=lock.width, height=lock.height, by=lock.by, reason=lock.reason
            )
            for lock in map(lock_info, state.locks)
        ),
        paused=state.paused,
        notice=state.notice or None,
        mode=view.host.mode,
        online=view.host.online,
    )


@get(
    "/api/canvas/{canvas:str}/palette",
    summary="The colours",
    tags=["Canvas"],
    responses=problems(ReasonCode.UNKNOWN_CANVAS),
)
async def show_palette(view: NamedDependency[CanvasView]) -> PaletteInfo:
    """Return the 32 curated colours with their names, and all 248 by slot."""
    palette = view.state.palette
    return PaletteInfo(curated=_swatches(palette), colors=tuple(map(format_hex, palette.colors)))


def _swatches(palette: Palette) -> tuple[SwatchEntry, ...]:
    return tuple(SwatchEntry(hex=swatch.hex, name=swatch.name) for swatch in palette_info(palette))


def _limits(limits: Limits) -> LimitsEntry:
    info = limits_info(limits)
    return LimitsEntry(
        rate=info.rate, burst=info.burst, address_rate=info.address_rate, address_burst=info.address_burst
    )
