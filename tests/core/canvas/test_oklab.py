from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.oklab import Rgb, distance_squared, to_oklab

channels = st.integers(0, 255)
colors = st.tuples(channels, channels, channels)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (1, 0, 0)),
        ((255, 0, 0), (0.62796, 0.22486, 0.12585)),
        ((0, 255, 0), (0.86644, -0.23389, 0.17950)),
        ((0, 0, 255), (0.45201, -0.03246, -0.31153)),
    ],
)
def test_published_values(rgb: Rgb, lab: tuple[float, float, float]) -> None:
    assert to_oklab(rgb) == pytest.approx(lab, abs=1e-4)


@given(channels)
def test_gray_has_no_hue(level: int) -> None:
    _, a, b = to_oklab((level, level, level))
    assert (a, b) == pytest.approx((0, 0), abs=1e-6)


@given(channels.filter(lambda level: level < 255))
def test_lighter_gray_is_lighter(level: int) -> None:
    assert to_oklab((level, level, level))[0] < to_oklab((level + 1,) * 3)[0]


@given(colors, colors)
def test_distance_is_a_distance(one: Rgb, other: Rgb) -> None:
    there, back = distance_squared(to_oklab(one), to_oklab(other)), distance_squared(to_oklab(other), to_oklab(one))
    assert there == back
    assert (there == 0) == (one == other)
