"""Where pictures are drawn: few at a time, the last ones kept, and no address may ask for too many."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from pixels_api.dependencies import CanvasView
from pixels_api.http.address_limiter import AddressLimiter
from pixels_api.http.errors import TooSoon
from pixels_api.http.negotiation import matches
from pixels_api.sessions.identity import address_of
from pixels_api.settings import ApiSettings
from pixels_core.adapters.pictures.picture import palette_bytes
from pixels_core.ports import Clock

from .rendering import Picture, PictureFormat, check_scale, cut, region_of

_AT_ONCE = 2
"""Each takes a core and up to four bytes a pixel while it is drawn."""
_KEPT = 8
_KEPT_BYTES = 4 * 1024 * 1024
"""Larger ones are not kept: the whole canvas has about a tenth of this."""

Area = tuple[int, int, int | None, int | None]
"""x, y, width and height as asked for."""


class PictureService:
    """Draws pictures in threads.

    Args:
        settings: the largest picture, and how many an address may have drawn in a minute.
        clock: what the minutes are measured with.
    """

    def __init__(self, settings: ApiSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._limiter = AddressLimiter(settings.exports_per_minute)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._kept: dict[str, bytes] = {}

    async def answer(
        self, request: Request[Any, Any, Any], view: CanvasView, form: PictureFormat, area: Area, scale: int
    ) -> Response[bytes]:
        """Return the picture, or 304 where the client has it; raises ClientFault and TooSoon."""
        settings = self._settings
        region = region_of(view.state.identity.size, *area)
        check_scale(region, scale, form, settings.max_export_scale, settings.max_export_pixels)
        shot = view.bitmaps.snapshot()
        picture = Picture(form, region, scale, palette_bytes(shot.palette), cut(shot.pixels, shot.size, region))
        tag = await asyncio.to_thread(lambda: picture.etag)
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Pixels-Seq": str(shot.seq)}
        if matches(request.headers.get("if-none-match"), tag):
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        body = await self._draw(picture, tag, address_of(request, settings))
        return Response(body, media_type=form.media_type, headers=headers)

    async def _draw(self, picture: Picture, tag: str, address: str) -> bytes:
        async with self._turns:
            body = self._kept.pop(tag, None)  # whoever had the turn before may have drawn it
            if body is None:
                if wait := self._limiter.take(address, self._clock.now()):
                    raise TooSoon("This address asks for too many pictures.", wait)
                body = await asyncio.to_thread(picture.render)
            if len(body) <= _KEPT_BYTES:
                self._kept[tag] = body
                while len(self._kept) > _KEPT:
                    del self._kept[next(iter(self._kept))]
        return body
