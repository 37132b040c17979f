"""Both encodings can be undone, and equal bytes give equal bytes (a strong ETag needs that)."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]  # ships no type hints
import pytest

from pixels_api.http.compression import compress
from pixels_api.http.negotiation import Encoding

DATA = bytes(range(200)) * 50


def test_round_trip() -> None:
    assert brotli.decompress(compress(DATA, Encoding.BROTLI, 5)) == DATA
    assert gzip.decompress(compress(DATA, Encoding.GZIP, 6)) == DATA
    assert compress(DATA, Encoding.IDENTITY, 1) == DATA


@pytest.mark.parametrize("encoding", [Encoding.BROTLI, Encoding.GZIP])
def test_equal_data_gives_equal_bytes(encoding: Encoding) -> None:
    assert compress(DATA, encoding, 5) == compress(bytes(DATA), encoding, 5)
    assert len(compress(DATA, encoding, 5)) < len(DATA) / 10
