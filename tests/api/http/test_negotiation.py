"""Accept-Encoding and If-None-Match, as RFC 9110 has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_api.http.negotiation import Encoding, choose_encoding, matches


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.8 , gzip; q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=0.9, gzip;q=0.1", "identity"),
        ("identity, gzip", "gzip"),
        ("deflate, zstd", "identity"),
        ("br;q=nan", "identity"),
        ("br;q=-1", "identity"),
        ("br;q=9", "identity"),
        ("br;quality=1", "br"),
        (",,;,", "identity"),
    ],
)
def test_the_best_encoding_is_chosen(header: str | None, encoding: str) -> None:
    assert choose_encoding(header) is Encoding(encoding)


@given(st.text(max_size=100))
def test_every_header_has_an_answer(header: str) -> None:
    assert choose_encoding(header) in Encoding
    assert matches(header, '"never-sent"') in {True, False}


@pytest.mark.parametrize(
    ("header", "matched"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b","c"', False),
        ('"ab"', False),
        ("a", False),
        ("*", True),
        (" * ", True),
        ('"x*"', False),
    ],
)
def test_tags_are_compared_whole(header: str | None, matched: bool) -> None:
    assert matches(header, '"a"') is matched
