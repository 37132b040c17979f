"""Names for plain numbers, so that signatures say what they mean."""

from __future__ import annotations

from typing import Final

Milliseconds = int
"""A moment (since the Unix epoch) or a span, in whole milliseconds."""

Seq = int
"""Sequence number of an accepted change: 1 is the first, 0 means the empty canvas."""

Cell = int
"""Index of a pixel in row-major order: `y * width + x`."""

Color = int
"""Palette slot, 0 to 247."""

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""Largest integer that JSON readers in every language agree on (RFC 8259, section 6)."""
