"""Ours against a named rival: median of alternating runs, and their ratio. No absolute time is ever a verdict."""
from __future__ import annotations

import gc
import statistics
import sys
import time
from dataclasses import dataclass

SEED = 20251231


@dataclass(frozen=True)
class Comparison:
    """One line of the table; times in seconds, or another unit."""

    what: str
    rival_name: str
    ours: float
    rival: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.rival


def compare(what: str, rival_name: str, ours, rival, runs: int) -> Comparison:
    """Run both in turn, so that a busy machine slows down both, and take the medians."""
    print(f"  {what} …", file=sys.stderr, flush=True)
    times = {ours: [], rival: []}
    for _ in range(runs):
        for function, measured in times.items():
            gc.collect()
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return Comparison(what, rival_name, statistics.median(times[ours]), statistics.median(times[rival]))


def table(comparisons: list[Comparison]) -> str:
    """Return the lines as a text table."""
    head = ("what", "ours", "rival", "ratio", "rival is")
    rows = [(c.what, f"{c.ours:.3f} {c.unit}", f"{c.rival:.3f} {c.unit}", _short(c.ratio), c.rival_name)
            for c in comparisons]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(cell.rjust(width) if 0 < i < 4 else cell.ljust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines)


def _short(ratio: float) -> str:
    """Return two decimals, or two digits where that would be next to nothing."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"
