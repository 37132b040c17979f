from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.oklab import Rgb, distance_squared, to_oklab
from pixels_core.canvas.palette import (
    COLOR_COUNT,
    CURATED,
    CURATED_COUNT,
    SAFE_FIRST,
    SAFE_LEVELS,
    Palette,
    Swatch,
    format_hex,
    parse_hex,
)
from pixels_core.errors import ClientFault, ReasonCode
from tests.support.vectors import VECTORS

channels = st.integers(0, 255)
colors = st.tuples(channels, channels, channels)


@given(colors)
def test_hex_round_trip(rgb: Rgb) -> None:
    assert parse_hex(format_hex(rgb)) == rgb
    assert parse_hex(format_hex(rgb).upper()) == rgb


@pytest.mark.parametrize(
    "text",
    ["", "#", "ffffff", "#fff", "#fffffff", "#gggggg", "#ffffff\n", " #ffffff", "#-1-1-1", "#٠٠٠٠٠٠", "\ud800"],
)
def test_what_is_not_a_colour_is_refused(text: str) -> None:
    with pytest.raises(ClientFault) as refused:
        parse_hex(text)
    assert refused.value.code is ReasonCode.BAD_COLOR


def test_a_refusal_repeats_little_of_the_input() -> None:
    with pytest.raises(ClientFault) as refused:
        parse_hex("x" * 4000)
    assert len(str(refused.value)) < 100


def test_slots() -> None:
    palette = Palette()
    assert len(palette.colors) == COLOR_COUNT == 248
    assert palette.colors[0] == (255, 255, 255)
    assert palette.colors[SAFE_FIRST] == (0, 0, 0)
    assert palette.colors[-1] == (255, 255, 255)
    assert set(palette.colors[SAFE_FIRST:]) == {
        (r, g, b) for r in SAFE_LEVELS for g in SAFE_LEVELS for b in SAFE_LEVELS
    }


def test_curated_colours_and_names_are_distinct() -> None:
    assert len({swatch.hex for swatch in CURATED}) == len({swatch.name for swatch in CURATED}) == CURATED_COUNT


@pytest.mark.parametrize("slot", range(COLOR_COUNT))
def test_a_slot_resolves_to_itself_and_its_colour_to_an_equal_one(slot: int) -> None:
    palette = Palette()
    assert palette.resolve(slot) == slot
    found = palette.resolve(format_hex(palette.colors[slot]))
    assert palette.colors[found] == palette.colors[slot]
    assert found <= slot, "of equal colours the lowest slot wins"


@pytest.mark.parametrize("color", [-1, 248, 255, 256, 2**63, "#010203", "red", ""])
def test_what_is_not_in_the_palette_is_refused(color: int | str) -> None:
    with pytest.raises(ClientFault) as refused:
        Palette().resolve(color)
    assert refused.value.code is ReasonCode.BAD_COLOR


@pytest.mark.parametrize("vector", VECTORS["nearest"], ids=lambda vector: format_hex(vector["rgb"]))
def test_nearest_agrees_with_the_golden_vectors(vector: dict[str, Any]) -> None:
    """[PAL-1] [WIRE-2] The web client reads the same vectors."""
    rgb = (vector["rgb"][0], vector["rgb"][1], vector["rgb"][2])
    assert [Palette().nearest(rgb), Palette().nearest_safe(rgb)] == [vector["any"], vector["safe"]]


@given(colors)
def test_nearest_is_the_nearest(rgb: Rgb) -> None:
    """[PAL-1] Of equals the lowest slot."""
    palette, lab = Palette(), to_oklab(rgb)
    distances = [distance_squared(lab, to_oklab(color)) for color in palette.colors]
    assert distances[palette.nearest(rgb)] == min(distances)
    assert palette.nearest_safe(rgb) >= SAFE_FIRST
    assert distances[palette.nearest_safe(rgb)] == min(distances[SAFE_FIRST:])


def test_names() -> None:
    assert Palette().name(0) == "White"
    assert Palette().name(SAFE_FIRST + 1) == "#000033"


def test_edit_makes_a_new_palette() -> None:
    palette = Palette()
    edited = palette.edited({5: Swatch("#123456", "Night")})
    assert edited.resolve("#123456") == 5
    assert edited.name(5) == "Night"
    assert edited.colors[SAFE_FIRST:] == palette.colors[SAFE_FIRST:]
    assert palette.name(5) == CURATED[5].name


@pytest.mark.parametrize("slots", [[], [-1], [32], [247], [0, 32]])
def test_only_curated_slots_can_be_edited(slots: list[int]) -> None:
    with pytest.raises(ClientFault) as refused:
        Palette().edited({slot: Swatch("#000000", "Ink") for slot in slots})
    assert refused.value.code is ReasonCode.BAD_COLOR


@pytest.mark.parametrize(("color", "name"), [("#ABCDEF", "A"), ("#abc", "A"), ("#abcdef", ""), ("#abcdef", "x" * 41)])
def test_a_bad_swatch_is_refused(color: str, name: str) -> None:
    with pytest.raises(ClientFault):
        Swatch(color, name)


@pytest.mark.parametrize("count", [0, 31, 33])
def test_a_palette_has_32_swatches(count: int) -> None:
    with pytest.raises(ClientFault):
        Palette((CURATED * 2)[:count])
