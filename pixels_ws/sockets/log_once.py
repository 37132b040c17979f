"""Says in the log what goes wrong, once: whoever tries again five times a second need not say so each time."""

from __future__ import annotations

import logging


class LogOnce:
    """One worker's troubles.

    Args:
        logger: where they go.
        who: who has them.
    """

    def __init__(self, logger: logging.Logger, who: str) -> None:
        self._logger = logger
        self._who = who
        self._last = ""

    def add(self, problem: Exception) -> None:
        """Log a problem unless it is the one that was logged last."""
        if str(problem) != self._last:
            self._last = str(problem)
            self._logger.warning("%s: %s", self._who, problem)

    def over(self) -> None:
        """Say that it works again, if it did not."""
        if self._last:
            self._last = ""
            self._logger.info("%s: works again", self._who)
