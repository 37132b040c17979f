"""`python -m tests.support.skewed SECONDS ARGUMENTS…`: `pixels` on a machine whose clock is that much ahead."""

from __future__ import annotations

import sys
import time


def set_on(seconds: float) -> None:
    """Have this process's wall clock be ahead, or behind; spans are as they were."""
    right, exact = time.time, time.time_ns
    time.time = lambda: right() + seconds
    time.time_ns = lambda: exact() + int(seconds * 1_000_000_000)


if __name__ == "__main__":
    set_on(float(sys.argv[1]))
    sys.argv = ["pixels", *sys.argv[2:]]
    from pixels.cli import main  # after the clock is set

    main()
