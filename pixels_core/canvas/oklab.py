"""OKLab, a colour space in which distance is close to what eyes see.

Source of the matrices: Björn Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/. The web client has the same constants and the same test vectors.
"""

from __future__ import annotations

Rgb = tuple[int, int, int]
"""Red, green and blue in sRGB, each 0 to 255."""

Oklab = tuple[float, float, float]
"""Lightness (0 to 1) and the two opponent axes a and b (about -0.4 to 0.4)."""


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def to_oklab(rgb: Rgb) -> Oklab:
    """Convert an sRGB colour to OKLab."""
    red, green, blue = (_linear(channel) for channel in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance_squared(one: Oklab, other: Oklab) -> float:
    """Return the squared distance of two colours; enough to find the nearest."""
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
