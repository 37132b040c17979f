from __future__ import annotations

from collections.abc import Callable

import pytest

from pixels_core.client.drawing import MAX_IN_FLIGHT, Drawing, DrawReport
from pixels_core.canvas.canvas import Canvas
from pixels_core.errors import ReasonCode
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.messages import CanvasStateMessage
from pixels_core.sync import Lost, Placed, Rejected, PlacementOutcome
from tests.support.sync_world import state_message

Pixel = tuple[int, int, int]


class FakeEasel:
    """Answers every pixel at the next wait, with the next verdict of a script, else with acceptance."""

    def __init__(self, script: list[PlacementOutcome] | None = None) -> None:
        self.size = Size(100, 100)
        self.cells: dict[tuple[int, int], int] = {}
        self.seq = 0
        self.time = 0
        self.sent: list[tuple[int, Pixel]] = []
        self.most_in_flight = 0
        self._script = script or []
        self._waiting: list[tuple[Pixel, Callable[[PlacementOutcome], None]]] = []

    @property
    def state(self) -> CanvasStateMessage:
        return state_message(Canvas(self.size))

    def now(self) -> int:
        return self.time

    def shows(self, x: int, y: int, color: int) -> bool:
        return self.cells.get((x, y), 0) == color

    def submit(self, x: int, y: int, color: int, on_answer: Callable[[PlacementOutcome], None]) -> None:
        self.sent.append((self.time, (x, y, color)))
        self._waiting.append(((x, y, color), on_answer))
        self.most_in_flight = max(self.most_in_flight, len(self._waiting))

    async def wait_until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        if not self._waiting:
            assert seconds is not None or condition(), "nobody would ever wake it"
            self.time += int((seconds or 0) * 1000)
        waiting, self._waiting = self._waiting, []
        for pixel, on_answer in waiting:
            on_answer(self._verdict(pixel))
        return condition()

    def _verdict(self, pixel: Pixel) -> PlacementOutcome:
        verdict = self._script.pop(0) if self._script else Placed(self.seq + 1)
        if isinstance(verdict, Placed):
            self.seq = verdict.seq
            self.cells[pixel[:2]] = pixel[2]
        return verdict


def row(count: int) -> list[Pixel]:
    return [(i % 100, i // 100, 3) for i in range(count)]


async def test_it_keeps_to_the_servers_limit() -> None:
    target = FakeEasel()
    report = await Drawing(target, row(300)).run()
    assert (report.placed, report.done, report.total) == (300, 300, 300)
    assert sum(moment == 0 for moment, _ in target.sent) == 200, "the burst goes out at once"
    assert 4_800 <= target.time <= 5_200, "the rest at 20 a second"


async def test_a_rate_of_ones_own() -> None:
    target = FakeEasel()
    await Drawing(target, row(100), rate=100).run()
    assert 900 <= target.time <= 1_100


async def test_never_too_much_without_an_answer() -> None:
    target = FakeEasel()
    await Drawing(target, row(2_000), rate=1_000_000).run()
    assert target.most_in_flight <= MAX_IN_FLIGHT


async def test_what_is_right_already_is_left_alone() -> None:
    target = FakeEasel()
    target.cells[0, 0] = 3
    report = await Drawing(target, row(3)).run()
    assert (report.placed, report.unchanged) == (2, 1)


async def test_rate_limited_pixels_wait_and_go_again() -> None:
    target = FakeEasel([Rejected(ReasonCode.RATE_LIMITED, retry_after_ms=700)])
    report = await Drawing(target, row(2)).run()
    assert (report.placed, report.retries, report.rejected.total()) == (2, 1, 0)
    assert target.sent[-1][0] >= 700


async def test_other_refusals_are_counted_and_not_repeated() -> None:
    target = FakeEasel([Rejected(ReasonCode.LOCKED), Rejected(ReasonCode.LOCKED)])
    report = await Drawing(target, row(5)).run()
    assert (report.placed, report.rejected[ReasonCode.LOCKED], len(target.sent)) == (3, 2, 5)


async def test_a_banned_painter_stops() -> None:
    target = FakeEasel([Rejected(ReasonCode.BANNED)] * 200)
    report = await Drawing(target, row(1_000)).run()
    assert (report.rejected[ReasonCode.BANNED], len(target.sent)) == (1_000, 200)


async def test_lost_pixels_go_again() -> None:
    target = FakeEasel([Lost()])
    report = await Drawing(target, row(2)).run()
    assert (report.placed, len(target.sent)) == (2, 3)


async def test_progress_is_told_to_the_end() -> None:
    told: list[int] = []
    report = await Drawing(FakeEasel(), row(10), on_progress=lambda it: told.append(it.done)).run()
    assert told == sorted(told)
    assert told[-1] == report.total == 10


@pytest.mark.parametrize("total", [0, 1])
async def test_small_drawings(total: int) -> None:
    assert (await Drawing(FakeEasel(), row(total)).run()) == DrawReport(total, placed=total)
