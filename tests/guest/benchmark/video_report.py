# SPDX-License-Identifier: MIT
"""The video benchmark as tables, goals and a plot."""

from collections.abc import Iterator

from .plot import Bar, Chart, svg
from .record import Record, Run, percentile
from .tables import number, table, verdict
from .video_guest import DECODING, MODES, OURS, PASSING
from .video_host import KINDS, LIMIT, SIZES
from .video_host import OURS as OUR_DECODER

_PEERS = ("ffmpeg", "GStreamer")
_BEYOND_COPY_GOAL_MS = 0.3
_CPU_GOAL = {PASSING: 0.5, DECODING: 0.8}
_LIMIT_GOAL = 1.05
_ANON_GOAL_MIB = {PASSING: 16, DECODING: 32}


def _cells(run: Run, ours: Run | None) -> list[str]:
    figures = run.figures
    ratio = "1"
    if ours and run is not ours:
        ratio = number(figures["cpu_ms_per_frame"] / ours.figures["cpu_ms_per_frame"])
    return [number(figures["frames_per_s"]), number(figures["cpu_ms_per_frame"]), ratio,
            _percentiles(figures["dequeue_to_ready_ms"]), _percentiles(figures["end_to_viewer_ms"]),
            number(figures["anon_kib"] / 1024), number(figures["mapped_buffers_kib"] / 1024)]


def _percentiles(values: list[float]) -> str:
    if not values:
        return "not seen"
    return f"{number(percentile(values, 50))} / {number(percentile(values, 99))}"


def _cases() -> Iterator[tuple[str, int, int, int, str]]:
    for output in (PASSING, DECODING):
        for width, height, rate_hz in MODES:
            for picture in KINDS:
                yield picture, width, height, rate_hz, output


def relay_tables(record: Record) -> str:
    head = ["", "frames/s", "CPU ms/frame", "of ours", "dequeue to ready ms p50 / p99",
            "frame's end to viewer ms p50 / p99", "RssAnon MiB", "mapped buffers MiB"]
    parts = []
    for picture, width, height, rate_hz, output in _cases():
        key = {"picture": picture, "height": height, "output": output, "place": "guest"}
        ours = record.find(OURS, **key)
        rows = []
        for name in (OURS, *_PEERS):
            every = [run for run in record.runs if run.name == name and
                     all(run.case.get(part) == value for part, value in key.items())]
            rows += [[name, *_cells(run, ours)] if run.good else
                     [name, f"failed with {run.status}", *[""] * (len(head) - 2)] for run in every]
        if rows:
            what = "passed on" if output == PASSING else "decoded to YUYV"
            title = f"**{width}x{height}, {rate_hz} a second, {picture}, {what}**"
            parts.append(f"{title}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def decoder_table(record: Record) -> str:
    rows = []
    for height, picture, run in _decoders(record):
        cpu = run.figures["cpu"]
        cells = [number(cpu[name]["median_ms"]) for name in
                 ("turbojpeg", LIMIT, OUR_DECODER, "minikvm yu12", "minikvm nv12")]
        rows.append([f"{height}p {picture}, {run.figures['jpeg_bytes'] // 1000} kB", *cells,
                     f"{cpu[OUR_DECODER]['of_limit']:.2f}"])
    head = ["CPU ms/frame on the host", "TurboJPEG to planes", "and packed to yuyv", "ours to yuyv",
            "ours to yu12", "ours to nv12", "ours / limit"]
    return table(head, rows) if rows else ""


def _decoders(record: Record) -> Iterator[tuple[int, str, Run]]:
    for _, height in SIZES:
        for picture in KINDS:
            if run := record.find("decoders", picture=picture, height=height):
                yield height, picture, run


def goals(record: Record) -> str:
    rows = []
    for height, picture, run in _decoders(record):
        ratio = run.figures["cpu"][OUR_DECODER]["of_limit"]
        rows.append(["our decoder's CPU, of the limit's", f"{height}p {picture}", f"<= {_LIMIT_GOAL}",
                     f"{ratio:.2f}", verdict(ratio <= _LIMIT_GOAL)])
    for picture, _, height, rate_hz, output in _cases():
        key = {"picture": picture, "height": height, "output": output, "place": "guest"}
        if ours := record.find(OURS, **key):
            peers = [peer for name in _PEERS if (peer := record.find(name, **key))]
            rows += _goals_of(ours, peers, f"{height}p{rate_hz} {picture}, {output}")
    return table(["goal", "case", "wanted", "measured", ""], rows) if rows else ""


def _goals_of(ours: Run, peers: list[Run], where: str) -> Iterator[list[str]]:
    figures, output = ours.figures, ours.case["output"]
    if peers:
        best = min(run.figures["cpu_ms_per_frame"] for run in peers)
        ratio = figures["cpu_ms_per_frame"] / best
        yield ["CPU a frame, of the best peer's", where, f"<= {_CPU_GOAL[output]}", number(ratio),
               verdict(ratio <= _CPU_GOAL[output])]
    if output == PASSING:
        p99 = percentile(figures["dequeue_to_ready_ms"] or [float("inf")], 99)
        yield ["dequeue to ready beyond the memcpy, p99", where, f"<= {_BEYOND_COPY_GOAL_MS} ms",
               f"{number(p99)} ms with it", verdict(p99 <= _BEYOND_COPY_GOAL_MS)]
        lost = figures["skipped"]
        yield ["frames lost that the stick delivered", where, "0", f"{lost} of {figures['frames']}",
               verdict(lost == 0)]
    anon = figures["anon_kib"] / 1024
    yield ["RssAnon", where, f"<= {_ANON_GOAL_MIB[output]} MiB", f"{number(anon)} MiB",
           verdict(anon <= _ANON_GOAL_MIB[output])]


def plot(record: Record) -> str:
    charts = []
    for picture, width, height, rate_hz, output in _cases():
        key = {"picture": picture, "height": height, "output": output, "place": "guest"}
        bars = []
        for name in (OURS, *_PEERS):
            if run := record.find(name, **key):
                value = run.figures["cpu_ms_per_frame"]
                bars.append(Bar(name, value, f"{number(value)} ms", "ours" if name == OURS else "other"))
        if bars:
            charts.append(Chart(f"CPU a frame: {height}p{rate_hz}, {picture}, {output}", bars))
    for height, picture, run in _decoders(record):
        cpu = run.figures["cpu"]
        bars = [Bar(name, cpu[name]["median_ms"], f"{number(cpu[name]['median_ms'])} ms", kind)
                for name, kind in ((OUR_DECODER, "ours"), (LIMIT, "limit"))]
        charts.append(Chart(f"CPU a frame, decoder alone, on the host: {height}p {picture}", bars))
    return svg(charts)
