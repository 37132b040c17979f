from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.geometry import MAX_SIDE, Rect, Size, line
from pixels_core.errors import ClientFault, ReasonCode
from tests.support.vectors import VECTORS

coordinates = st.integers(-50, 50)
rects = st.builds(Rect, coordinates, coordinates, st.integers(1, 20), st.integers(1, 20))
sizes = st.builds(Size, st.integers(1, 30), st.integers(1, 30))


@pytest.mark.parametrize(("width", "height"), [(0, 1), (1, 0), (-1, 5)])
def test_a_rectangle_is_never_empty(width: int, height: int) -> None:
    with pytest.raises(ClientFault):
        Rect(0, 0, width, height)


def test_rectangle_contains_its_corners_and_not_its_neighbours() -> None:
    rect = Rect(2, 3, 4, 5)
    assert all(rect.contains(x, y) for x, y in [(2, 3), (5, 3), (2, 7), (5, 7)])
    assert not any(rect.contains(x, y) for x, y in [(1, 3), (6, 3), (2, 2), (2, 8)])


@given(rects, rects, coordinates, coordinates)
def test_intersection_holds_what_both_hold(one: Rect, other: Rect, x: int, y: int) -> None:
    both = one.intersect(other)
    assert (one.contains(x, y) and other.contains(x, y)) == (both is not None and both.contains(x, y))
    assert both == other.intersect(one)


def test_touching_rectangles_do_not_intersect() -> None:
    assert Rect(0, 0, 2, 2).intersect(Rect(2, 0, 2, 2)) is None


@pytest.mark.parametrize(("width", "height"), [(0, 9), (9, 0), (MAX_SIDE + 1, 9), (9, MAX_SIDE + 1)])
def test_size_has_limits(width: int, height: int) -> None:
    with pytest.raises(ClientFault):
        Size(width, height)


def test_default_size_is_900_by_900() -> None:
    assert Size() == Size(900, 900)
    assert Size().cells == 810_000
    assert Size().rect == Rect(0, 0, 900, 900)


@given(sizes, st.data())
def test_cell_and_point_are_inverse(size: Size, data: st.DataObject) -> None:
    cell = data.draw(st.integers(0, size.cells - 1))
    assert size.cell(*size.point(cell)) == cell
    assert size.contains(*size.point(cell))


@given(sizes, coordinates, coordinates)
def test_cell_refuses_what_lies_outside(size: Size, x: int, y: int) -> None:
    if size.contains(x, y):
        assert size.cell(x, y) == y * size.width + x
    else:
        with pytest.raises(ClientFault) as refused:
            size.cell(x, y)
        assert refused.value.code is ReasonCode.OUT_OF_BOUNDS


def test_clip_keeps_what_lies_on_the_canvas() -> None:
    assert Size(10, 10).clip(Rect(-5, 8, 10, 10)) == Rect(0, 8, 5, 2)
    with pytest.raises(ClientFault) as refused:
        Size(10, 10).clip(Rect(10, 0, 1, 1))
    assert refused.value.code is ReasonCode.OUT_OF_BOUNDS


@given(coordinates, coordinates, coordinates, coordinates)
def test_line_has_both_ends_and_no_gap(x0: int, y0: int, x1: int, y1: int) -> None:
    points = list(line(x0, y0, x1, y1))
    assert (points[0], points[-1]) == ((x0, y0), (x1, y1))
    assert len(points) == max(abs(x1 - x0), abs(y1 - y0)) + 1
    steps = itertools.pairwise(points)
    assert all(max(abs(bx - ax), abs(by - ay)) == 1 for (ax, ay), (bx, by) in steps)


@pytest.mark.parametrize("vector", VECTORS["lines"], ids=str)
def test_line_draws_the_golden_cells(vector: dict[str, Any]) -> None:
    assert [list(point) for point in line(*vector["from"], *vector["to"])] == vector["cells"]
