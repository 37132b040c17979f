"""Origins: our own page and the allowed ones, nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.web.origins import origin_allowed


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "pixels.example"),
        ("https://pixels.example", "pixels.example"),
        ("http://pixels.example", "pixels.example"),
        ("HTTPS://Pixels.Example", "pixels.EXAMPLE"),
        ("https://pixels.example", "pixels.example:443"),
        ("https://pixels.example:443", "pixels.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_our_own_page_may(origin: str | None, host: str) -> None:
    """[SES-2] The own origin passes, and so does a script, which has none."""
    assert origin_allowed(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "https://pixels.example.evil.example",
        "https://evilpixels.example",
        "https://pixels.example:8443",
        "https://pixels.example@evil.example",
        "https://pixels.example/path",
        "https://pixels.example\\.evil.example",
        "https://pixels.example evil.example",
        "chrome-extension://pixels.example",
        "file://pixels.example",
        "pixels.example",
        "//pixels.example",
        "https://",
    ],
)
def test_others_may_not(origin: str) -> None:
    """[SES-2] Everything else is refused."""
    assert not origin_allowed(origin, "pixels.example")


def test_allowed_origins() -> None:
    """[SES-2] More origins can be allowed; one with a scheme is meant with it."""
    allowed = ["https://cdn.example/", "other.example:8443"]
    assert origin_allowed("https://cdn.example", "pixels.example", allowed)
    assert not origin_allowed("http://cdn.example", "pixels.example", allowed)
    assert origin_allowed("http://other.example:8443", "pixels.example", allowed)
    assert not origin_allowed("https://other.example", "pixels.example", allowed)
    assert not origin_allowed("null", "pixels.example", ["null", "", "https://"])


def test_without_a_host_only_the_list_counts() -> None:
    assert not origin_allowed("https://pixels.example", None)
    assert not origin_allowed("https://pixels.example", "")
    assert origin_allowed("https://pixels.example", None, ["https://pixels.example"])


@given(st.text(max_size=60))
def test_any_text_has_an_answer(origin: str) -> None:
    assert origin_allowed(origin, "pixels.example") in {True, False}
