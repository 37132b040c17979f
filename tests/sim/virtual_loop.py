"""An event loop in virtual time: whoever sleeps wakes at once, in the order of the clock, the same at every run.

Nothing outside the process is ever waited for, so a coroutine that waits for something that nobody will do is an
error and no hang.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pixels_core.units import Milliseconds
from tests.support.builders import T0

T = TypeVar("T")


class StuckError(RuntimeError):
    """Everybody waits, and nothing is due."""


class _Leap(selectors.SelectSelector):
    """Moves the clock where another selector would wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StuckError("everybody waits for somebody else")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The standard event loop over a clock that leaps; work for threads is done on the spot."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.now

    def run_in_executor(  # type: ignore[override]
        self, _executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done


class VirtualClock:
    """The loop's time, as the core counts it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> Milliseconds:
        """Return milliseconds since the Unix epoch; a run begins at `T0`."""
        return T0 + round(self._loop.time() * 1000)


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own, and cancel whatever it leaves behind."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
