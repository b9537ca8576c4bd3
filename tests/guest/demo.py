#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""./dev demo: shows the main job in a guest, with a virtual stick, step by step."""

import argparse
import textwrap

import sink
from testbed import builds, main_wrapper, releases, session
from testbed.guest import Guest
from testbed.paths import CHECKOUT
from testbed.shell import Failed

PICTURE = CHECKOUT / "build/demo/target.png"
_TEXT = "hello"
_DEVICE = "1d6b:0104"  # what the virtual stick's USB-A port holds

_NEXT = f"""
Where to go next
    ./dev guest -- 'minikvmctl ls; minikvmctl watch hdmi'    a guest like this one, for a command of yours
    ./dev test                                               every test, on both releases
    README.md                                                with a real stick
    docs/architecture.md                                     how it works, where to start reading
The picture that ffmpeg took is {PICTURE.relative_to(CHECKOUT)}.
"""


class Show:
    """Runs commands in the guest as a person would, and shows them with what they said."""

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self._step = 0

    def title(self, text: str) -> None:
        self._step += 1
        print(f"\n{self._step}. {text}", flush=True)

    def command(self, line: str, limit_s: float = 60) -> str:
        print(f"   $ {line}", flush=True)
        said = self.guest.out(line, limit_s)
        self.say(said)
        return said

    def say(self, text: str) -> None:
        if text:
            print(textwrap.indent(text, "     "), flush=True)

    def expect(self, condition: bool, otherwise: str) -> None:
        if not condition:
            raise Failed(f"the demo does not show what it should: {otherwise}")


def plug(show: Show) -> str:
    show.title("A virtual stick is plugged into the guest; udev sees it and starts the daemon")
    show.guest.run("/usr/lib/minikvm-guest/plug-sticks 1", 90)
    show.say(show.guest.out(f"lsusb | grep -e 534d:2109 -e 1a86:7523 -e {_DEVICE}"))
    show.command("minikvmctl list")
    [stick] = show.guest.stick_ids()
    return stick


def look(show: Show, stick: str) -> None:
    show.title("The camera: what every video application sees")
    camera = sink.node(stick, "camera")
    show.command(f"v4l2-ctl -d {camera} --info | grep -e 'Card type' -e 'Driver name'")
    show.command(f"v4l2-ctl -d {camera} --get-fmt-video | grep -e Width -e Pixel")
    show.command("minikvmctl get hdmi/connected hdmi/mode")
    show.title("ffmpeg takes a picture of the target's screen")
    # The second picture: the first one may be older than the viewer.
    show.command(f"ffmpeg -loglevel error -f v4l2 -i {camera} -vf 'select=gte(n\\,1)' "
                 "-frames:v 1 -y /tmp/target.png")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(show.guest.get("/tmp/target.png"))
    show.guest.put("/tmp/picture.py", (CHECKOUT / "tests/guest/picture.py").read_bytes())
    show.say(f"saved as {PICTURE.relative_to(CHECKOUT)}; the strip in it says:")
    show.say(show.guest.out("/usr/bin/python3 /tmp/picture.py /tmp/target.png"))


def type_text(show: Show, stick: str) -> None:
    show.title(f'A program types "{_TEXT}" into the virtual keyboard; the target receives')
    before = len(sink.received(show.guest))
    keys = [report for letter in _TEXT for report in sink.press(f"KEY_{letter.upper()}")]
    sink.write(show.guest, sink.node(stick, "keyboard"), keys)
    sink.drain(show.guest, stick)
    reports = sink.received(show.guest)[before:]
    for report in reports:
        show.say(f"{report['report']:15} {report['hex']}")
    # Usage 4 is the letter a: HID Usage Tables, keyboard page.
    typed = "".join(chr(ord("a") + report["keys"][0] - 4) for report in reports if report["keys"])
    show.say(f'which spells "{typed}"')
    show.expect(typed == _TEXT, f"the target received {typed!r}")


def move(show: Show, stick: str) -> None:
    show.title("The mouse moves 300 to the right and 50 up; a report holds at most 127")
    before = len(sink.received(show.guest))
    sink.write(show.guest, sink.node(stick, "mouse"),
               [[("EV_REL", "REL_X", 300), ("EV_REL", "REL_Y", -50)]])
    sink.drain(show.guest, stick)
    moves = [report for report in sink.received(show.guest)[before:] if "dx" in report]
    for report in moves:
        show.say(f"{report['report']:15} dx {report['dx']:4} dy {report['dy']:4}")
    show.expect(sum(report["dx"] for report in moves) == 300, "the motion does not add up")


def switch(show: Show) -> None:
    show.title("The USB-A device goes to the target and comes back")
    show.say(show.guest.out(f"lsusb -d {_DEVICE}"))
    for side, there in (("target", False), ("host", True)):
        show.command(f"minikvmctl set usb/switch {side}")
        verdict = show.guest.wait_until(
            "said=$(minikvmctl get usb/verified) && test $said != pending && echo $said", 20
        )
        show.say(f"usb/verified: {verdict}")
        seen = show.guest.run(f"lsusb -d {_DEVICE}", check=False).status == 0
        show.say(f"lsusb: the device is {'there' if seen else 'gone'}")
        show.expect(verdict == "yes" and seen == there, f"the device did not go to {side}")


def pull(show: Show, stick: str) -> None:
    show.title("The stick is pulled, and plugged again")
    show.guest.sim("unplug")
    show.guest.wait_until("minikvmctl list | grep -qw absent")
    show.command("minikvmctl list")
    show.guest.sim("replug")
    show.guest.wait_until("minikvmctl list | grep -qw ready")
    show.command("minikvmctl list")
    sink.drain(show.guest, stick)
    show.say("a key pressed now arrives")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--release", choices=releases.RELEASES, default=releases.DEFAULT.number)
    release = releases.RELEASES[parser.parse_args().release]
    build = builds.wanted(release, "release", no_build=False)
    machine = session.start(build, session.Wanted(sticks=0, plain=False, boot=False))
    try:
        show = Show(Guest(machine))
        show.title(f"A guest: {release}, its stock kernel, v4l2loopback from its packages")
        show.command("uname -r; modinfo -F version v4l2loopback")
        stick = plug(show)
        look(show, stick)
        type_text(show, stick)
        move(show, stick)
        switch(show)
        pull(show, stick)
        print(_NEXT)
    except AssertionError as error:
        raise Failed(str(error)) from None
    finally:
        machine.close()
    return 0


if __name__ == "__main__":
    main_wrapper.run(main)
