"""From logged events to the messages that every client of a canvas receives."""

from __future__ import annotations

from itertools import groupby
from typing import assert_never

from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import Palette
from pixels_core.log.batching import coalesce
from pixels_core.protocol.messages import (
    LimitsInfo,
    LockInfo,
    ModerationBan,
    ModerationLimits,
    ModerationLock,
    ModerationMessage,
    ModerationNotice,
    ModerationPalette,
    ModerationPause,
    ModerationUnlock,
    PixelBulkUpdate,
    StreamMessage,
    SwatchInfo,
)
from pixels_core.rules.events import (
    EventBatch,
    LimitsChanged,
    ModerationEvent,
    NoticePosted,
    PaletteChanged,
    PauseChanged,
    PixelPlaced,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.state import Limits
from pixels_core.units import Cell, Color, Seq


def stream_messages(batch: EventBatch, size: Size) -> list[StreamMessage]:
    """Return the messages of a batch: together they cover its seqs without gap or overlap."""
    messages: list[StreamMessage] = []
    for is_pixel, group in groupby(batch.events, key=lambda event: type(event) is PixelPlaced):
        if is_pixel:
            pixels = [event for event in group if isinstance(event, PixelPlaced)]
            messages.append(bulk_update(pixels[0].seq, pixels[-1].seq, coalesce(pixels), size))
        else:
            messages += [moderation_message(event) for event in group if not isinstance(event, PixelPlaced)]
    return messages


def bulk_update(first: Seq, seq: Seq, cells: dict[Cell, Color], size: Size) -> PixelBulkUpdate:
    """Return the message that takes a canvas to `seq`."""
    width = size.width
    pixels = tuple((cell % width, cell // width, color) for cell, color in cells.items())
    return PixelBulkUpdate(first=first, seq=seq, pixels=pixels)


def palette_info(palette: Palette) -> tuple[SwatchInfo, ...]:
    """Return the curated colours as the wire has them."""
    return tuple(SwatchInfo(hex=swatch.hex, name=swatch.name) for swatch in palette.curated)


def limits_info(limits: Limits) -> LimitsInfo:
    """Return the limits as the wire has them."""
    return LimitsInfo(
        rate=float(limits.per_user.rate),
        burst=limits.per_user.burst,
        address_rate=float(limits.per_address.rate),
        address_burst=limits.per_address.burst,
    )


def lock_info(lock: RegionLock) -> LockInfo:
    """Return a lock as the wire has it."""
    rect = lock.rect
    return LockInfo(
        id=lock.id, x=rect.x, y=rect.y, width=rect.width, height=rect.height, by=lock.by, reason=lock.reason
    )


def moderation_message(event: ModerationEvent) -> ModerationMessage:
    """Return the message that tells of a moderation event."""
    seq, by, reason = event.seq, event.user, event.reason
    match event:
        case RegionLocked():
            return ModerationLock(seq=seq, by=by, reason=reason, lock=lock_info(event.lock))
        case RegionUnlocked():
            return ModerationUnlock(seq=seq, by=by, reason=reason, lock=event.lock_id)
        case UserBanned():
            return ModerationBan(seq=seq, by=by, reason=reason, user=event.banned, until=event.until)
        case PaletteChanged():
            palette = palette_info(Palette(event.curated))
            return ModerationPalette(seq=seq, by=by, reason=reason, palette=palette)
        case LimitsChanged():
            limits = limits_info(Limits(event.per_user, event.per_address))
            return ModerationLimits(seq=seq, by=by, reason=reason, limits=limits)
        case PauseChanged():
            return ModerationPause(seq=seq, by=by, reason=reason, paused=event.paused)
        case NoticePosted():
            return ModerationNotice(seq=seq, by=by, reason=reason, text=event.text)
        case _:
            assert_never(event)
