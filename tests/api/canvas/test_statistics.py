"""Counts."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pixels_api.canvas.statistics import color_counts, count_colors
from pixels_core.canvas.palette import Palette
from pixels_core.errors import ReasonCode
from tests.api.conftest import Client, World, assert_problem

URL = "/api/canvas/main/statistics"


async def test_a_fresh_canvas(client: Client) -> None:
    assert (await client.get(URL)).json() == {
        "placements": 0,
        "painters": 0,
        "pixelsPerMinute": 0,
        "online": 0,
        "coloredCells": 0,
        "topPainters": [],
        "colors": [{"color": 0, "hex": "#ffffff", "name": "White", "cells": 200}],
    }


async def test_counts(world: World, client: Client) -> None:
    await world.host.store.remember("u_ada", "Ada")
    await world.host.place(9, 9, 5)
    world.clock.advance(60_000)
    for x in range(3):
        await world.host.place(x, 0, 7, user="u_ada")
    await world.host.place(0, 0, 0, user="u_ada")
    world.host.online = 3
    body = (await client.get(URL)).json()
    assert body == {
        "placements": 5,
        "painters": 2,
        "pixelsPerMinute": 4,
        "online": 3,
        "coloredCells": 3,
        "topPainters": [
            {"user": "u_ada", "name": "Ada", "placements": 4},
            {"user": "u_painter", "name": None, "placements": 1},
        ],
        "colors": [
            {"color": 0, "hex": "#ffffff", "name": "White", "cells": 197},
            {"color": 7, "hex": "#ff4500", "name": "Red", "cells": 2},
            {"color": 5, "hex": "#6d001a", "name": "Burgundy", "cells": 1},
        ],
    }


@given(st.lists(st.integers(0, 247), min_size=1, max_size=300))
def test_colors_are_counted(slots: list[int]) -> None:
    counts = count_colors(bytes(slots))
    assert {slot: count for slot, count in enumerate(counts) if count} == Counter(slots)
    listed = color_counts(counts, Palette())
    assert sum(entry.cells for entry in listed) == len(slots)
    assert [entry.cells for entry in listed] == sorted((entry.cells for entry in listed), reverse=True)


async def test_unknown_canvas(client: Client) -> None:
    """[API-4] Statistics of no canvas."""
    assert_problem(await client.get("/api/canvas/nope/statistics"), 404, ReasonCode.UNKNOWN_CANVAS)
