"""The packed form of an event batch: what the log stores, about 10 bytes a pixel.

Layout (numbers are varints, see `protocol.varint`)::

    "PXB1"  number  first_seq  first_time  user_count (length utf8)*  event_count event*  crc32 (4 bytes, big-endian)
    event   kind  (time - previous time)  user_index  …
      0 pixel        zigzag(request - the user's previous request)  zigzag(cell - previous cell)  color
      1 moderation   length  JSON of the event: its name and its own fields

The CRC covers everything before it; a batch that fails it is reported as corrupt and never applied.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from pixels_core.errors import ClientFault, StoreCorrupt
from pixels_core.protocol.varint import append_varint, append_zigzag, read_varint, read_zigzag
from pixels_core.rules.events import MODERATION_EVENTS, Event, EventBatch, ModerationEvent, PixelPlaced
from pixels_core.serialization import from_plain, to_plain

_MAGIC = b"PXB1"
_PIXEL, _MODERATION = 0, 1
_KINDS: dict[str, type[ModerationEvent]] = {kind.name: kind for kind in MODERATION_EVENTS}


def pack_batch(batch: EventBatch) -> bytes:
    """Return the packed bytes of a batch."""
    users = {user: index for index, user in enumerate(dict.fromkeys(event.user for event in batch.events))}
    first = batch.events[0]
    data = bytearray(_MAGIC)
    for number in (batch.number, first.seq, first.time, len(users)):
        append_varint(data, number)
    for user in users:
        _append_bytes(data, user.encode())
    append_varint(data, len(batch.events))
    _append_events(data, batch.events, users)
    data += crc32(data).to_bytes(4, "big")
    return bytes(data)


def _append_events(data: bytearray, events: tuple[Event, ...], users: dict[str, int]) -> None:
    time, cell = events[0].time, 0
    requests: dict[str, int] = {}
    for event in events:
        is_pixel = type(event) is PixelPlaced
        data.append(_PIXEL if is_pixel else _MODERATION)
        append_varint(data, event.time - time)
        append_varint(data, users[event.user])
        time = event.time
        if isinstance(event, PixelPlaced):
            append_zigzag(data, event.request - requests.get(event.user, 0))
            append_zigzag(data, event.cell - cell)
            data.append(event.color)
            requests[event.user], cell = event.request, event.cell
        else:
            _append_bytes(data, json.dumps({"name": event.name, **to_plain(event)}).encode())


def _append_bytes(data: bytearray, value: bytes) -> None:
    append_varint(data, len(value))
    data += value


def unpack_batch(data: bytes) -> EventBatch:
    """Read a packed batch; raises StoreCorrupt for anything that `pack_batch` did not write."""
    if len(data) < len(_MAGIC) + 4 or not data.startswith(_MAGIC):
        raise StoreCorrupt("A log entry is not an event batch.")
    if crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise StoreCorrupt("A log entry fails its checksum.")
    try:
        return _Reader(data).batch()
    except (ClientFault, IndexError, ValueError, KeyError, TypeError) as problem:
        raise StoreCorrupt(f"A log entry makes no sense: {problem}") from problem


def pack_moderation(event: ModerationEvent) -> bytes:
    """Return one event for a record that outlives the log: packed as a batch of its own, numbered by its seq."""
    return pack_batch(EventBatch(event.seq, (event,)))


def unpack_moderation(data: bytes) -> ModerationEvent:
    """Read what `pack_moderation` wrote; raises StoreCorrupt for anything else."""
    batch = unpack_batch(data)
    event = batch.events[0]
    if isinstance(event, PixelPlaced) or len(batch.events) > 1 or event.seq != batch.number:
        raise StoreCorrupt("A moderation record is none.")
    return event


class _Reader:
    """Reads one batch from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = len(_MAGIC)

    def batch(self) -> EventBatch:
        number, seq, time, user_count = (self._varint() for _ in range(4))
        users = [self._bytes().decode() for _ in range(user_count)]
        count = self._varint()
        events = self._events(count, seq, time, users)
        if self._offset != len(self._data) - 4:
            raise ValueError("it does not end where it should")
        return EventBatch(number, events)

    def _events(self, count: int, seq: int, time: int, users: list[str]) -> tuple[Event, ...]:
        events: list[Event] = []
        requests: dict[str, int] = {}
        cell = 0
        for _ in range(count):
            kind = self._byte()
            time += self._varint()
            user = users[self._varint()]
            if kind == _PIXEL:
                requests[user] = request = requests.get(user, 0) + self._zigzag()
                cell += self._zigzag()
                events.append(PixelPlaced(seq, time, user, request, cell, self._byte()))
            elif kind == _MODERATION:
                events.append(self._moderation())
            else:
                raise ValueError(f"there is no kind {kind} of event")
            seq += 1
        return tuple(events)

    def _moderation(self) -> ModerationEvent:
        fields: dict[str, Any] = json.loads(self._bytes())
        return from_plain(_KINDS[fields["name"]], fields)

    def _byte(self) -> int:
        self._offset += 1
        return self._data[self._offset - 1]

    def _bytes(self) -> bytes:
        length = self._varint()
        self._offset += length
        return self._data[self._offset - length : self._offset]

    def _varint(self) -> int:
        value, self._offset = read_varint(self._data, self._offset)
        return value

    def _zigzag(self) -> int:
        value, self._offset = read_zigzag(self._data, self._offset)
        return value
