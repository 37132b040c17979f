"""The palette: which colour each slot of a pixel's byte shows.

Slots 0 to 31 are curated and a moderator can edit them (0 is the background); slots 32 to 247 are the 216 web-safe
colours, fixed for ever; 248 to 255 stay free and are never valid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.units import Color

from .oklab import Oklab, Rgb, distance_squared, to_oklab

BACKGROUND: Final[Color] = 0
CURATED_COUNT: Final = 32
SAFE_FIRST: Final = 32
SAFE_LEVELS: Final = (0, 51, 102, 153, 204, 255)
COLOR_COUNT: Final = SAFE_FIRST + len(SAFE_LEVELS) ** 3

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def parse_hex(text: str) -> Rgb:
    """Read "#rrggbb"; raises ClientFault `bad_color`."""
    if not _HEX.fullmatch(text):
        raise ClientFault(f"{text[:20]!r} is not a colour; write it as #rrggbb.", ReasonCode.BAD_COLOR)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def format_hex(rgb: Rgb) -> str:
    """Write a colour as "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@dataclass(frozen=True, slots=True)
class Swatch:
    """One curated colour: `hex` as "#rrggbb" in lower case and the name people see and hear."""

    hex: str
    name: str

    def __post_init__(self) -> None:
        parse_hex(self.hex)
        if self.hex != self.hex.lower() or not 1 <= len(self.name) <= 40 or not self.name.isprintable():
            raise ClientFault("A swatch is a lower-case #rrggbb and a name of 1 to 40 printable characters.")


CURATED: Final[tuple[Swatch, ...]] = tuple(
    Swatch(color, name)
    for color, name in (
        ("#ffffff", "White"), ("#d4d7d9", "Light gray"), ("#898d90", "Gray"), ("#515252", "Dark gray"),
        ("#000000", "Black"), ("#6d001a", "Burgundy"), ("#be0039", "Dark red"), ("#ff4500", "Red"),
        ("#ffa800", "Orange"), ("#ffd635", "Yellow"), ("#fff8b8", "Pale yellow"), ("#00a368", "Dark green"),
        ("#00cc78", "Green"), ("#7eed56", "Light green"), ("#00756f", "Dark teal"), ("#009eaa", "Teal"),
        ("#00ccc0", "Light teal"), ("#2450a4", "Dark blue"), ("#3690ea", "Blue"), ("#51e9f4", "Light blue"),
        ("#493ac1", "Indigo"), ("#6a5cff", "Periwinkle"), ("#94b3ff", "Lavender"), ("#811e9f", "Dark purple"),
        ("#b44ac0", "Purple"), ("#e4abff", "Pale purple"), ("#de107f", "Magenta"), ("#ff3881", "Pink"),
        ("#ff99aa", "Light pink"), ("#6d482f", "Dark brown"), ("#9c6926", "Brown"), ("#ffb470", "Beige"),
    )
)  # fmt: skip
"""The 32 colours of r/place 2022, which people already know; ordered by hue, the background first."""


def _safe_colors() -> tuple[Rgb, ...]:
    return tuple((r, g, b) for r in SAFE_LEVELS for g in SAFE_LEVELS for b in SAFE_LEVELS)


_SAFE: Final = _safe_colors()
_SAFE_LAB: Final = tuple(to_oklab(rgb) for rgb in _SAFE)


@dataclass(frozen=True)
class Palette:
    """The 248 colours of a canvas; immutable, an edit makes a new one.

    Args:
        curated: the 32 swatches of slots 0 to 31.
    """

    curated: tuple[Swatch, ...] = field(default=CURATED)

    def __post_init__(self) -> None:
        if len(self.curated) != CURATED_COUNT:
            raise ClientFault(f"A palette has exactly {CURATED_COUNT} curated colours.")

    @cached_property
    def colors(self) -> tuple[Rgb, ...]:
        """Every valid slot's colour, in slot order (248 entries)."""
        return tuple(parse_hex(swatch.hex) for swatch in self.curated) + _SAFE

    @cached_property
    def _by_hex(self) -> dict[str, Color]:
        # Reversed, so that of two equal colours the lower slot (the curated one) wins.
        return {format_hex(self.colors[slot]): slot for slot in reversed(range(COLOR_COUNT))}

    @cached_property
    def _lab(self) -> tuple[Oklab, ...]:
        return tuple(to_oklab(rgb) for rgb in self.colors[:CURATED_COUNT]) + _SAFE_LAB

    def resolve(self, color: int | str) -> Color:
        """Return the slot of a slot number or of a "#rrggbb" in the palette; raises ClientFault `bad_color`."""
        if isinstance(color, str):
            slot = self._by_hex.get(format_hex(parse_hex(color)))
            if slot is None:
                raise ClientFault(f"{color} is not in the palette.", ReasonCode.BAD_COLOR)
            return slot
        if not 0 <= color < COLOR_COUNT:
            raise ClientFault(f"A colour is 0 to {COLOR_COUNT - 1}.", ReasonCode.BAD_COLOR)
        return color

    def nearest(self, rgb: Rgb, *, first: Color = 0, last: Color = COLOR_COUNT - 1) -> Color:
        """Return the slot in `first..last` that looks closest to `rgb` (OKLab; the lowest slot of equals)."""
        lab = to_oklab(rgb)
        return min(range(first, last + 1), key=lambda slot: distance_squared(lab, self._lab[slot]))

    def nearest_safe(self, rgb: Rgb) -> Color:
        """Return the closest web-safe slot: what a custom colour input snaps to."""
        return self.nearest(rgb, first=SAFE_FIRST)

    def name(self, color: Color) -> str:
        """Return the swatch's name, or "#rrggbb" for a web-safe slot."""
        return self.curated[color].name if color < CURATED_COUNT else format_hex(self.colors[color])

    def edited(self, changes: Mapping[Color, Swatch]) -> Palette:
        """Return a palette with some curated slots replaced; raises ClientFault `bad_color` for other slots."""
        if not changes or any(not 0 <= slot < CURATED_COUNT for slot in changes):
            raise ClientFault(f"Only the curated slots 0 to {CURATED_COUNT - 1} can be edited.", ReasonCode.BAD_COLOR)
        return Palette(tuple(changes.get(slot, old) for slot, old in enumerate(self.curated)))
