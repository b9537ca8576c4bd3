# SPDX-License-Identifier: MIT
"""Every generation of the stick does what its board can do, and shows nothing that it cannot."""

import json

import sink
from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_READER = CHECKOUT / "tests/guest/picture.py"
_READY_S = 120
_VERIFY_S = 30

# From the tables of docs/hardware.md 0 and 4: what each has beside what all have.
_SWITCH = {"usb/moved_by", "usb/problem", "usb/switch", "usb/verified"}
_SLIDE = {"usb/follow_slide", "usb/slide"}
_POWER = {"usb/power"}
_PINS = {"extension/host/device", "extension/host/reset"}
_SPEED = {"input/resets", "serial/baud_bd", "serial/reopens", "serial/resets"}
_ONLY_SOME = _SWITCH | _SLIDE | _POWER | _PINS | _SPEED
_HAS = {
    "mini-kvm-1.6": _SPEED,
    "mini-kvm-1.9": _SWITCH | _SLIDE | _POWER | _PINS | _SPEED,
    "mini-kvm-2": _SWITCH,
    "kvm-go": _SWITCH,
}
# Capture chip, input chip, tty, what is in the switchable port.
_PARTS = {
    "mini-kvm-1.6": ("MS2109", "CH9329", "/dev/ttyUSB", "1d6b:0104"),
    "mini-kvm-1.9": ("MS2109", "CH9329", "/dev/ttyUSB", "1d6b:0104"),
    "mini-kvm-2": ("MS2109S", "CH32V208", "/dev/ttyACM", "1d6b:0104"),
    "kvm-go": ("MS2130S", "CH32V208", "/dev/ttyACM", "05e3:0751"),
}


class GenerationCase(GuestCase):
    sticks = 0

    def plug(self, generation: str, number: int = 0, options: str = "") -> str:
        """The ID of a stick of this generation, once it is ready."""
        self.start(generation, number, options)
        stick = self.hub(number)
        self.guest.wait_until(f"minikvmctl list | grep -q '^{stick} .* ready '", _READY_S)
        return stick

    def start(self, generation: str, number: int = 0, options: str = "") -> None:
        self.guest.run("modprobe vhci-hcd")
        self.guest.run(f"systemd-run --quiet --collect --unit=sim-{number} -p Type=notify "
                       f"minikvm-sim run --stick {number} --generation {generation} {options}")

    def hub(self, number: int) -> str:
        return self.guest.out(
            f"basename $(ls -d /sys/devices/platform/vhci_hcd.{number}/usb*[0-9] | head -1)")

    def get(self, stick: str, name: str) -> str:
        return self.guest.out(f"minikvmctl --stick {stick} get {name}")


class Tree(GenerationCase):
    def test_has_what_the_board_has_and_nothing_else(self) -> None:
        self.guest.run("modprobe vhci-hcd && mkdir -p /etc/minikvm")
        first = self.hub(0)
        self.guest.put("/etc/minikvm/minikvm.toml",
                       f'[sticks.{first}]\ngeneration = "mini-kvm-1.6"\n'.encode())

        for number, (generation, has) in enumerate(_HAS.items()):
            stick = self.plug(generation, number)
            capture, chip, tty, device = _PARTS[generation]

            listed = {line.split()[0] for line in
                      self.guest.out(f"minikvmctl --stick {stick} ls").splitlines()}

            self.assertEqual(listed & _ONLY_SOME, has, generation)
            self.guest.wait_until(
                f"test $(minikvmctl --stick {stick} get hdmi/mode) = 1920x1080@60.00", _VERIFY_S)
            self.assertEqual(self.get(stick, "generation"), generation)
            self.assertEqual(self.get(stick, "chip/video/model"), capture, generation)
            self.assertEqual(self.get(stick, "chip/input/model"), chip, generation)
            self.assertTrue(self.get(stick, "serial/node").startswith(tty), generation)
            self.guest.wait_until(
                f"minikvmctl --stick {stick} get usb/device | grep -q '^{device} '", _VERIFY_S)


class OnlyASlide(GenerationCase):
    either = True

    def test_leaves_no_switch_to_software(self) -> None:
        self.guest.run("modprobe vhci-hcd && mkdir -p /etc/minikvm")
        self.guest.put("/etc/minikvm/minikvm.toml",
                       f'[sticks.{self.hub(0)}]\ngeneration = "mini-kvm-1.6"\n'.encode())
        stick = self.plug("mini-kvm-1.6")

        refused = self.guest.run("minikvmctl set usb/switch target", check=False)
        self.guest.sim("slide target")

        self.assertNotEqual(refused.status, 0)
        self.assertIn("this stick has none", refused.err)
        self.guest.wait_until(f'test -z "$(minikvmctl --stick {stick} get usb/device)"', _VERIFY_S)


class MainJob(GenerationCase):
    long = True

    def do_it(self, generation: str) -> None:
        stick = self.plug(generation)
        self.see_this_runs_picture(stick)
        self.press_a_key(stick)
        self.move_the_port(stick)

    def see_this_runs_picture(self, stick: str) -> None:
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.guest.run("mkdir -p /out; timeout 90 ffmpeg -loglevel error -f v4l2 "
                       f"-i {sink.node(stick, 'camera')} -fps_mode passthrough -frames:v 4 "
                       "-y /out/f%02d.png", 120)
        read = json.loads(self.guest.out("/usr/bin/python3 /tmp/picture.py --json /out/f*.png", 120))
        nonces = {entry["nonce"] for entry in read if entry.get("nonce") is not None}
        self.assertEqual(nonces, {self.guest.sim("nonce")})

    def press_a_key(self, stick: str) -> None:
        sink.drain(self.guest, stick)  # what all-released is sent with at the start has arrived
        before = len(sink.received(self.guest))
        sink.write(self.guest, sink.node(stick, "keyboard"), sink.press("KEY_A"))
        sink.drain(self.guest, stick)
        self.assertEqual([entry["hex"] for entry in sink.received(self.guest)[before:]],
                         ["0000040000000000", "0000000000000000"])

    def move_the_port(self, stick: str) -> None:
        self.guest.wait_until(f"minikvmctl --stick {stick} get usb/device | grep -q :", _VERIFY_S)
        self.guest.run("minikvmctl usb target --wait")
        self.assertEqual(self.get(stick, "usb/device"), "")
        self.assertEqual(self.get(stick, "usb/switch"), "target")
        self.guest.run("minikvmctl usb host --wait")
        self.assertIn(":", self.get(stick, "usb/device"))

    def test_is_done_by_a_mini_kvm_2(self) -> None:
        self.do_it("mini-kvm-2")

    def test_is_done_by_a_kvm_go(self) -> None:
        self.do_it("kvm-go")


class Ch32v208(GenerationCase):
    either = True

    def test_is_never_reset_nor_given_a_signal_on_its_lines(self) -> None:
        stick = self.plug("mini-kvm-2")
        self.guest.run(f"systemctl restart minikvmd@{stick}.service")
        self.guest.wait_until(f"minikvmctl list | grep -q '^{stick} .* ready '", _READY_S)

        edges = [json.loads(line) for line in self.guest.sim("trace").splitlines()]

        # The kernel raises both at the one open; they are cleared at once, and stay so.
        self.assertEqual([(edge["line"], edge["level"]) for edge in edges],
                         [("dtr", "asserted"), ("rts", "asserted"),
                          ("dtr", "released"), ("rts", "released")])

    def test_that_says_nothing_is_said_to_be_silent(self) -> None:
        stick = self.plug("mini-kvm-2")

        self.guest.sim("chip silent on")
        self.guest.wait_until(f"minikvmctl --stick {stick} get input/problem | grep answer", _VERIFY_S)
        self.assertEqual(self.get(stick, "state"), "no-serial")

        self.guest.sim("chip silent off")
        self.guest.wait_until(f"test $(minikvmctl --stick {stick} get state) = ready", _VERIFY_S)

    def test_follows_the_button_of_a_kvm_go(self) -> None:
        stick = self.plug("kvm-go")

        self.guest.sim("chip button")

        self.guest.wait_until(f"test $(minikvmctl --stick {stick} get usb/switch) = target", _VERIFY_S)


class LoneDongle(GenerationCase):
    def test_of_every_kind_is_left_alone(self) -> None:
        for number, generation in enumerate(_HAS):
            self.start(generation, number, "--capture-only")
        for number, generation in enumerate(_HAS):
            self.guest.wait_until(
                f"ls /sys/devices/platform/vhci_hcd.{number}/usb*/*/*/video4linux", _READY_S)
        self.guest.run("udevadm settle")

        nodes = "/sys/devices/platform/vhci_hcd.*/usb*/*/*/video4linux/*"
        said = self.guest.out(f"for node in {nodes}; do udevadm info -q property -p $node; done")
        self.assertIn("ID_USB_DRIVER=uvcvideo", said)
        self.assertNotIn("MINIKVM_", said)
        owners = self.guest.out("stat -c %U /dev/video* /dev/hidraw*").split()
        self.assertEqual(set(owners), {"root"})
        units = "systemctl list-units --plain --no-legend 'minikvmd@*'"
        self.assertEqual(self.guest.out(units), "")
