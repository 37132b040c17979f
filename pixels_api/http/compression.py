"""Smaller bodies: the two encodings that every browser takes."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]  # ships no type hints

from .negotiation import Encoding


def compress(data: bytes, encoding: Encoding, level: int) -> bytes:
    """Return the data in an encoding; equal data gives equal bytes. It takes its time: run it in a thread.

    Args:
        data: what is to be compressed.
        encoding: how; `identity` returns the data itself.
        level: how hard to try, 1 to 9 for gzip and to 11 for brotli.
    """
    if encoding is Encoding.BROTLI:
        return bytes(brotli.compress(data, quality=level))
    if encoding is Encoding.GZIP:
        return gzip.compress(data, compresslevel=level, mtime=0)
    return data
