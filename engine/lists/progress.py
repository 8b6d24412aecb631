"""How far a long load is: rows, rows a second and time left on a terminal; silent everywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_EVERY = 0.5


class Progress:
    """Counts towards a total that may be an estimate."""

    def __init__(self, stream: TextIO | None = None, clock: object = None) -> None:
        """Write to a stream if it is a terminal."""
        self._stream = stream if stream is not None else sys.stderr
        self._shown = self._stream.isatty()
        self._clock = clock if callable(clock) else time.monotonic
        self._what, self._total = "", 0.0
        self._started = self._last = 0.0
        self.done = 0.0

    def start(self, what: str, total: float) -> None:
        """Begin a step of so many rows."""
        self._what, self._total, self.done = what, total, 0
        self._started, self._last = self._clock(), 0.0

    def add(self, rows: float) -> None:
        """So many more rows are done."""
        self.done += rows
        now = self._clock()
        if self._shown and now - self._last >= _EVERY:
            self._last = now
            self._stream.write(f"\r\x1b[K{self.line(now)}")
            self._stream.flush()

    def line(self, now: float) -> str:
        """``reading: 120 000 rows, 15 000 rows/s, 1 min 20 s left``."""
        rate = self.done / max(now - self._started, 1e-6)
        left = max(self._total - self.done, 0) / rate if rate else 0
        return f"{self._what}: {_spaced(self.done)} rows, {_spaced(rate)} rows/s, {_duration(left)} left"

    def finish(self) -> None:
        """Clear the line."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


def _duration(seconds: float) -> str:
    whole = int(seconds + 0.5)
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {last} s" if minutes else f"{last} s"
