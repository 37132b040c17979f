"""The items of the table: their keys, and what is packed into them. Pure; `dynamodb` has them all in one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from pixels_core.errors import ProtocolError, StoreCorrupt
from pixels_core.ports import PixelRecord
from pixels_core.protocol.varint import append_varint, read_varint
from pixels_core.units import Cell, Seq

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.type_defs import AttributeValueTypeDef

    Item = dict[str, AttributeValueTypeDef]

T = TypeVar("T")
Key = tuple[str, str]
"""Partition key and sort key."""

LOG_BUCKET = 256
"""Batches in a partition key: some 15 s at full speed, so that a canvas moves on before a partition gets hot."""
CELL_BUCKET = 256
"""Cells in a partition key: 3,165 keys for a canvas of 900 by 900."""
USER_BUCKETS = 16
"""Partition keys of a canvas's users: the statistics read them side by side."""
AUDIT_BUCKET = 256
"""Acts of moderation in a partition key, which are numbered without gaps: a page is in one of them, or in two."""
HISTORY_KEPT = 16
"""Placements in a cell's item, the newest included: with ids of 20 letters it stays below 1 KB, one write unit."""
CHUNK_BYTES = 350_000
"""An item may have 400 KB, the names of its attributes included."""
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the log: a batch's number and its last seq."""

    number: int = 0
    seq: Seq = 0


def key_item(key: Key) -> Item:
    """Return a key as DynamoDB writes it."""
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def key_of(item: Item) -> Key:
    """Return an item's key."""
    return item["pk"]["S"], item["sk"]["S"]


def number_of(item: Item, name: str, default: int = 0) -> int:
    """Return a numeric attribute."""
    return int(item[name]["N"]) if name in item else default


def mark_of(item: Item | None) -> Mark:
    """Return the mark in an item, the log's beginning where there is none."""
    return Mark(number_of(item, "batch_number"), number_of(item, "seq")) if item else Mark()


def sortable(number: int) -> str:
    """Return a number so that the order of texts is that of numbers."""
    return f"{number:0{_DIGITS}}"


def log_bucket(canvas: str, bucket: int) -> str:
    """Return the partition key of a bucket of batches."""
    return f"{canvas}#log#{sortable(bucket)}"


def log_key(canvas: str, number: int) -> Key:
    """Return the key of a batch."""
    return log_bucket(canvas, number // LOG_BUCKET), sortable(number)


def cell_key(canvas: str, cell: Cell) -> Key:
    """Return the key of a cell's record."""
    return f"{canvas}#pixels#{cell // CELL_BUCKET}", sortable(cell)


def user_bucket(canvas: str, bucket: int) -> str:
    """Return the partition key of some of the users."""
    return f"{canvas}#users#{bucket}"


def user_key(canvas: str, user: str) -> Key:
    """Return the key of a user; the letter in front lets an id be empty."""
    return user_bucket(canvas, crc32(user.encode()) % USER_BUCKETS), f"u{user}"


def audit_bucket(canvas: str, bucket: int) -> str:
    """Return the partition key of a bucket of acts of moderation."""
    return f"{canvas}#audit#{sortable(bucket)}"


def audit_key(canvas: str, number: int, seq: Seq) -> Key:
    """Return the key of an act of moderation, of all those of its canvas the `number`th from 0 on."""
    return audit_bucket(canvas, number // AUDIT_BUCKET), sortable(seq)


def lock_bucket(canvas: str) -> str:
    """Return the partition key of the locks; there are at most 256 at a time."""
    return f"{canvas}#locks"


def lock_key(canvas: str, lock_id: str) -> Key:
    """Return the key of a lock; the letter in front is that of a user's key."""
    return lock_bucket(canvas), f"l{lock_id}"


def snapshot_bucket(canvas: str, draft: str) -> str:
    """Return the partition key of a snapshot's chunks."""
    return f"{canvas}#snapshot#{draft}"


def record_of(item: Item, cell: Cell) -> PixelRecord:
    """Return the newest placement in a cell's item."""
    return PixelRecord(
        cell, number_of(item, "color"), number_of(item, "time"), item["user"]["S"], number_of(item, "seq")
    )


def history_of(item: Item, cell: Cell) -> list[PixelRecord]:
    """Return all placements in a cell's item, the newest first; raises StoreCorrupt where they make no sense."""
    return [record_of(item, cell), *unpack_history(item["history"]["B"], cell)]


def cell_attributes(placed: Sequence[PixelRecord]) -> Item:
    """Return what a cell's item says of its placements, which come newest first."""
    newest = placed[0]
    return {
        "seq": {"N": str(newest.seq)},
        "color": {"N": str(newest.color)},
        "time": {"N": str(newest.time)},
        "user": {"S": newest.user},
        "history": {"B": pack_history(placed[1:HISTORY_KEPT])},
    }


def pack_history(placed: Iterable[PixelRecord]) -> bytes:
    """Return placements of one cell as bytes: `seq time color length user`, numbers as varints."""
    data = bytearray()
    for record in placed:
        user = record.user.encode()
        for number in (record.seq, record.time, record.color, len(user)):
            append_varint(data, number)
        data += user
    return bytes(data)


def unpack_history(data: bytes, cell: Cell) -> list[PixelRecord]:
    """Read what `pack_history` wrote; raises StoreCorrupt for anything else."""
    placed: list[PixelRecord] = []
    offset = 0
    try:
        while offset < len(data):
            seq, offset = read_varint(data, offset)
            time, offset = read_varint(data, offset)
            color, offset = read_varint(data, offset)
            length, offset = read_varint(data, offset)
            user = data[offset : offset + length].decode()
            offset += length
            placed.append(PixelRecord(cell, color, time, user, seq))
    except (ProtocolError, UnicodeDecodeError) as problem:
        raise StoreCorrupt(f"The history of cell {cell} makes no sense: {problem}") from problem
    if offset != len(data):
        raise StoreCorrupt(f"The history of cell {cell} ends too early.")
    return placed


def chunks(values: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return `values` in pieces of at most `size`."""
    return [values[start : start + size] for start in range(0, len(values), size)]
