# SPDX-License-Identifier: MIT
"""The input benchmark as tables, goals and a plot."""

from .input_guest import NAME as GUEST
from .input_host import KEYBOARD_BYTES, LINES, SENDERS, Line
from .plot import Bar, Chart, svg
from .record import Record, Run, percentile
from .tables import number, table, verdict

_NAMES = {
    "minikvm": "minikvm",
    "fifo": "queue, no waiting",
    "stop-and-wait": "queue, stop and wait",
    "fixed-gap": "queue, 4 ms between frames",
}
_ADDED_GOAL_MS = 0.3
_MOTION_GOAL, _TYPING_GOAL = 0.95, 0.9


def _lines(record: Record) -> list[Line]:
    return [line for line in LINES if record.find("minikvm", **line.case)]


def _run(record: Record, sender: str, line: Line, load: str) -> Run | None:
    return record.find(sender, **line.case, load=load)


def _latency(run: Run | None) -> tuple[str, str]:
    """p50 and p99, with what became of keys that did not come."""
    if run is None:
        return "failed", "failed"
    values = run.figures["latencies_ms"]
    if not values:
        return "none came", "none came"
    more = ">" if run.figures["unfinished"] else ""
    lost = f", {run.figures['lost']} lost" if run.figures["lost"] else ""
    return number(percentile(values, 50)), f"{more}{number(percentile(values, 99))}{lost}"


def _motion(run: Run | None, line: Line) -> str:
    if run is None:
        return "failed"
    rate = run.figures["motion_per_s"]
    return f"{number(rate)} ({100 * rate / line.motion_limit:.0f} %)"


def _typing(run: Run | None, line: Line) -> str:
    if run is None:
        return "failed"
    rate = run.figures["characters"] / run.figures["seconds"] if run.figures["seconds"] else 0
    errors = run.figures["errors"]
    return f"{number(rate)} ({100 * rate / line.typing_limit:.0f} %), {errors:,} errors"


def sender_tables(record: Record) -> str:
    head = ["ms from event to last byte", "idle p50", "p99", "1,000 moves/s p50", "p99",
            "motion/s", "characters/s"]
    parts = []
    for line in _lines(record):
        rows = []
        for sender in SENDERS:
            typing = _typing(_run(record, sender, line, "text"), line)
            rows.append([_NAMES[sender], *_latency(_run(record, sender, line, "idle")),
                         *_latency(_run(record, sender, line, "flood")),
                         _motion(_run(record, sender, line, "motion"), line), typing])
        limits = ["what the line allows", number(line.wire_ms(KEYBOARD_BYTES)), "", "", "",
                  number(line.motion_limit), number(line.typing_limit)]
        parts.append(f"**{line}**\n\n{table(head, [*rows, limits])}")
    return "\n\n".join(parts)


def goals(record: Record) -> str:
    rows = [row for line in _lines(record) for row in _goals_of(record, line)]
    return table(["goal", "line", "wanted", "measured", ""], rows)


def _goals_of(record: Record, line: Line) -> list[list[str]]:
    rows = []
    short = f"{line.speed_bd} Bd, {line.answer_delay_ms} ms"
    if run := _run(record, "minikvm", line, "idle"):
        added = percentile(run.figures["latencies_ms"], 99) - line.wire_ms(KEYBOARD_BYTES)
        rows.append(["added by us on an idle line, p99", short, f"<= {_ADDED_GOAL_MS} ms",
                     f"{number(added)} ms", verdict(added <= _ADDED_GOAL_MS)])
    if run := _run(record, "minikvm", line, "flood"):
        p99 = percentile(run.figures["latencies_ms"], 99)
        rows.append(["a key under 1,000 moves/s, p99", short, f"<= {number(line.flood_goal_ms)} ms",
                     f"{number(p99)} ms", verdict(p99 <= line.flood_goal_ms)])
    if run := _run(record, "minikvm", line, "motion"):
        share = run.figures["motion_per_s"] / line.motion_limit
        whole = run.figures["moved"] == run.figures["moves_wanted"]
        rows.append(["motion, of what stop-and-wait allows", short, ">= 95 %, nothing lost",
                     f"{100 * share:.1f} %" + ("" if whole else ", motion lost"),
                     verdict(share >= _MOTION_GOAL and whole)])
    if run := _run(record, "minikvm", line, "text"):
        figures = run.figures
        share = figures["characters"] / figures["seconds"] / line.typing_limit
        rows.append(["typing, of the same", short, ">= 90 %, 0 errors",
                     f"{100 * share:.1f} %, {figures['errors']} errors of {figures['characters']:,}",
                     verdict(share >= _TYPING_GOAL and figures["errors"] == 0)])
    return rows


def guest_table(record: Record) -> str:
    """Through the real uinput and ch341; what a frame takes on the wire is in it."""
    rows = []
    for load, what in (("idle", "a key on an idle line"), ("flood", "a key under 1,000 moves/s")):
        if run := record.find(GUEST, load=load):
            rows.append([what, " / ".join(_latency(run)) + " ms"])
    if run := record.find(GUEST, load="motion"):
        figures = run.figures
        whole = "all" if figures["moved"] == figures["moves_wanted"] else "not all"
        rows.append(["motion", f"{number(figures['motion_per_s'])}/s of "
                     f"{number(figures['moves_per_s'])}/s written, {whole} of its way arrived"])
    if run := record.find(GUEST, load="text"):
        figures = run.figures
        rate = figures["characters"] / figures["seconds"]
        rows.append([f"minikvmctl type, {figures['characters']:,} characters",
                     f"{number(rate)}/s, {figures['errors']} errors"])
    return table(["in a guest, 115200 Bd", "p50 / p99, or rate"], rows) if rows else ""


def plot(record: Record) -> str:
    charts = []
    for line in _lines(record):
        bars = []
        for sender in SENDERS:
            if run := _run(record, sender, line, "flood"):
                value = percentile(run.figures["latencies_ms"] or [0], 99)
                words = f"{number(value)} ms" + (", some never" if run.figures["lost"] else "")
                bars.append(Bar(_NAMES[sender], value, words,
                                "ours" if sender == "minikvm" else "other"))
        bars.append(Bar("goal", line.flood_goal_ms, f"{number(line.flood_goal_ms)} ms", "limit"))
        title = f"A key under 1,000 mouse moves a second, p99: {line} (logarithmic)"
        charts.append(Chart(title, bars, logarithmic=True))
    return svg(charts)
