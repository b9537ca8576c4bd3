# SPDX-License-Identifier: MIT
"""The benchmark of buffer counts as a table."""

from .buffers_guest import COUNTS, HOLDS_MS, NAME
from .record import Record, percentile
from .tables import number, table

_MIB = 1 << 20
_RAW_BYTES = 2 * 1920 * 1080  # a yuyv frame


def counts_table(record: Record) -> str:
    head = ["buffers", *(f"held {hold} ms" for hold in HOLDS_MS), "MiB, yuyv at 1080p"]
    rows = []
    for count in COUNTS:
        cells = [_cell(record, count, hold) for hold in HOLDS_MS]
        if any(cells):
            rows.append([str(count), *cells, number(count * _RAW_BYTES / _MIB)])
    return table(head, rows)


def _cell(record: Record, count: int, hold_ms: int) -> str:
    """What changed under the viewer, and how old a frame was when it came."""
    run = record.find(NAME, buffers=count, hold_ms=hold_ms)
    if run is None or not run.figures["ages_ms"]:
        return ""
    ages = run.figures["ages_ms"]
    return f"{100 * run.figures['changed'] / len(ages):.0f} %, {percentile(ages, 50):.0f} ms"
