#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev bench: measures speed and cost, ours beside those of others, in one run."""

import argparse
from dataclasses import replace
from pathlib import Path

from benchmark import (
    buffers_guest, buffers_report, document, input_guest, input_host, input_report, record,
    video_guest, video_host, video_report
)
from testbed import builds, main_wrapper, product, releases
from testbed.progress import say
from testbed.releases import Release
from testbed.shell import Failed

PLOTS = {
    "input": ("A key under 1,000 mouse moves a second", input_report.plot),
    "video": ("Processor time a frame", video_report.plot),
}


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("subject", nargs="*", metavar="SUBJECT", help=f"{', '.join(MEASURES)} (all)")
    parser.add_argument("--release", choices=releases.RELEASES, default=releases.DEFAULT.number)
    parser.add_argument("--quick", action="store_true",
                        help="fewer cases and shorter: whether it works, not how well")
    parser.add_argument("--real-time", action="store_true",
                        help="senders of input before all other programs, for a machine that has some")
    parser.add_argument("--no-guest", action="store_true", help="only what needs no guest")
    parser.add_argument("--last", action="store_true", help="show the last results, measure nothing")
    parser.add_argument("--write-docs", action="store_true",
                        help="put tables and plots into docs/performance.md")
    options = parser.parse_args()
    for subject in options.subject:
        if subject not in MEASURES:
            parser.error(f"there is no subject {subject!r}; there are {', '.join(MEASURES)}")
    options.subject = options.subject or list(MEASURES)
    return options


def programs_of(release: Release) -> Path:
    return product.build(release, "release", "bench") / "tests/bench"


def measure_input(story: record.Record, release: Release, options: argparse.Namespace) -> None:
    programs = programs_of(release)
    input_host.measure(story, input_host.Bench(programs / "bench_input", release, options.quick,
                                               options.real_time))
    if not options.no_guest:
        input_guest.measure(story, builds.wanted(release, "release", no_build=False), options.quick)


def measure_video(story: record.Record, release: Release, options: argparse.Namespace) -> None:
    programs = programs_of(release)
    video_host.make_pictures(programs, release)
    video_host.measure(story, programs, release, options.quick)
    if not options.no_guest:
        # With peers to be measured beside us, whose packages no other guest needs.
        guests = replace(release, extra="bench")
        video_guest.measure(story, builds.wanted(guests, "release", no_build=False), options.quick)


def measure_buffers(story: record.Record, release: Release, options: argparse.Namespace) -> None:
    if not options.no_guest:
        buffers_guest.measure(story, builds.wanted(release, "release", no_build=False), options.quick)


def parts_of(story: record.Record) -> dict[str, str]:
    """The measured parts of docs/performance.md."""
    if story.subject == "buffers":
        return {"buffers": buffers_report.counts_table(story)}
    if story.subject == "input":
        return {
            "input": input_report.sender_tables(story),
            "input goals": input_report.goals(story),
            "input in a guest": input_report.guest_table(story),
        }
    return {
        "video": video_report.relay_tables(story),
        "decoder": video_report.decoder_table(story),
        "video goals": video_report.goals(story),
    }


def write_docs(story: record.Record) -> None:
    for name, text in parts_of(story).items():
        if text:  # what was not measured stays as it was
            document.exchange(name, text)
    document.exchange(f"{story.subject} machine", story.circumstances())
    if story.subject in PLOTS:
        title, plot = PLOTS[story.subject]
        document.exchange_plot(story.subject, title, plot(story))


MEASURES = {"buffers": measure_buffers, "input": measure_input, "video": measure_video}


def main() -> int:
    options = options_of()
    release = releases.RELEASES[options.release]
    failed = 0
    for subject in options.subject:
        if options.last:
            story = record.load(subject, release)
        else:
            story = record.Record(subject, release)
            try:
                MEASURES[subject](story, release, options)
            except AssertionError as error:  # what a guest says of a command that failed
                raise Failed(str(error)) from None
            finally:
                say(f"results in {story.save()}")
        print("\n\n".join(part for part in parts_of(story).values() if part), flush=True)
        print(f"\n{story.circumstances()}", flush=True)
        if options.write_docs:
            write_docs(story)
        failed += sum(not run.good for run in story.runs)
    return 1 if failed else 0


if __name__ == "__main__":
    main_wrapper.run(main)
