# SPDX-License-Identifier: MIT
"""The virtual stick in front of the kernel's own drivers, with nothing of ours but itself."""

import json

from testbed.case import GuestCase
from testbed.paths import CHECKOUT

_SIM = "/build/usr/bin/minikvm-sim"
_READER = CHECKOUT / "tests/guest/picture.py"
_USB_A = "1d6b:0104"
_NODES = "test -c /dev/video0 -a -c /dev/video1 -a -c /dev/ttyUSB0 -a -c /dev/hidraw0"
_CYCLES = 4  # twenty, with the daemon, are in test_unplug.py: --long

# Streams and listens until the stick goes. The camera's node stays open a while longer: closing it in
# the moment of the unplug can meet a fault of the kernel (media_device_unregister_entity() looks
# whether the entity is registered before it locks).
_READERS = """
exec 9</dev/video0
cat /dev/ttyUSB0 &
v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=1000
sleep 1
"""

# Reads one-byte registers of the capture chip, after writing those of the form ADDRESS=VALUE.
_REGISTERS = """
import fcntl, sys
node = open("/dev/hidraw0", "rb+", buffering=0)
def request(number, size):
    return 3 << 30 | size << 16 | ord("H") << 8 | number
def report(*values):
    return bytearray(values + (0,) * (9 - len(values)))
for word in sys.argv[1:]:
    address, _, value = word.partition("=")
    place = bytes.fromhex(address)
    if value:
        fcntl.ioctl(node, request(6, 9), report(0, 0xB6, *place, int(value, 16)))
    fcntl.ioctl(node, request(6, 9), report(0, 0xB5, *place))
    answer = report()
    fcntl.ioctl(node, request(7, 9), answer)
    assert answer[1:4] == bytes([0xB5]) + place
    print(f"{answer[4]:02x}")
"""

# Opens the serial port as a careful driver does, then asserts DTR for as long as it is told.
_DTR = """
import fcntl, os, struct, sys, termios, time
node = os.open("/dev/ttyUSB0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
both = struct.pack("I", termios.TIOCM_DTR | termios.TIOCM_RTS)
fcntl.ioctl(node, termios.TIOCMBIC, both)
fcntl.ioctl(node, termios.TIOCMBIS, struct.pack("I", termios.TIOCM_DTR))
print("asserted", flush=True)
sys.stdin.read()
fcntl.ioctl(node, termios.TIOCMBIC, both)
"""


class SimulatedStick(GuestCase):
    plain = True
    run_options = ""

    def setUp(self) -> None:
        super().setUp()
        self.guest.run("modprobe vhci_hcd")
        self.guest.run("systemd-run --quiet --collect --unit=sim -p Type=notify "
                       f"{_SIM} run --nonce cafe0001 {self.run_options}")
        self.guest.put("/tmp/registers.py", _REGISTERS.encode())
        self.guest.put("/tmp/dtr.py", _DTR.encode())

    def sim(self, words: str) -> str:
        return self.guest.out(f"{_SIM} ctl {words}")

    def await_nodes(self) -> None:
        self.guest.wait_until(_NODES)
        self.guest.run("udevadm settle")

    def registers(self, *words: str) -> list[str]:
        self.await_nodes()
        return self.guest.out("/usr/bin/python3 /tmp/registers.py " + " ".join(words)).split()

    def await_usb_a(self, on_host: bool) -> None:
        self.guest.wait_until(f"{'' if on_host else '!'} lsusb -d {_USB_A}")

    def status(self) -> dict[str, str]:
        lines = self.sim("status").splitlines()
        return dict(line.split(maxsplit=1) for line in lines)


class Drivers(SimulatedStick):
    def test_bind_to_every_interface(self) -> None:
        self.await_nodes()

        tree = self.guest.out("lsusb -t")

        for driver in ("uvcvideo", "snd-usb-audio", "usbhid", "ch341"):
            self.assertIn(f"Driver={driver}", tree)

    def test_find_the_parts_at_the_ports_of_the_real_board(self) -> None:
        self.await_nodes()
        bus = self.status()["bus"].removeprefix("usb")

        found = self.guest.out(f"cd /sys/bus/usb/devices; cat {bus}-[123]/idProduct")

        self.assertEqual(found.split(), ["2109", "7523", "0104"])

    def test_read_the_registers(self) -> None:
        self.sim("input 1280x720@59.94")

        self.assertEqual(self.registers("F800", "FA8C", "C6AF", "C6B0", "C6B5", "C6B6", "CBDC"),
                         ["a7", "01", "05", "00", "17", "6a", "18"])

    def test_record_sound_in_real_time(self) -> None:
        self.await_nodes()

        self.guest.run("arecord -q -D hw:0 -f S16_LE -c 2 -r 48000 -d 2 /tmp/sound.wav")

        sound = self.guest.get("/tmp/sound.wav")
        self.assertGreaterEqual(len(sound), 2 * 192000)
        self.assertGreater(max(sound[44:]), 0)

    def test_come_back_after_every_replug(self) -> None:
        self.guest.put("/tmp/readers", _READERS.encode())
        for _ in range(_CYCLES):
            self.await_nodes()
            self.guest.run("systemd-run --quiet --collect --unit=readers bash /tmp/readers")
            self.guest.wait_until(f"{_SIM} ctl status | grep -q '^streaming yes'")
            self.sim("unplug")
            self.guest.wait_until("! systemctl is-active --quiet readers")
            self.sim("replug")
        self.assertEqual(self.registers("F800"), ["a7"])


class Order(SimulatedStick):
    either = True
    run_options = "--order serial-first"

    def test_of_the_halves_can_be_turned_round(self) -> None:
        self.await_nodes()
        bus = self.status()["bus"].removeprefix("usb")

        numbers = self.guest.out(f"cd /sys/bus/usb/devices; cat {bus}-2/devnum {bus}-1/devnum")

        serial, capture = map(int, numbers.split())
        self.assertLess(serial, capture)


class UsbASocket(SimulatedStick):
    either = True

    def test_goes_where_the_register_says(self) -> None:
        self.await_usb_a(on_host=True)

        self.registers("DF01=01")
        self.await_usb_a(on_host=False)
        self.assertEqual(self.status()["usb-a"], "target")

        self.registers("DF01=00")
        self.await_usb_a(on_host=True)

    def test_is_without_power_while_dtr_is_asserted(self) -> None:
        self.await_nodes()
        self.await_usb_a(on_host=True)

        holder = self.guest.start("sleep 3 | /usr/bin/python3 /tmp/dtr.py")
        holder.wait_for_output("asserted")
        self.await_usb_a(on_host=False)
        holder.wait()

        self.await_usb_a(on_host=True)
        edges = [json.loads(line) for line in self.sim("trace").splitlines()]
        self.assertEqual([edge["level"] for edge in edges if edge["line"] == "dtr"],
                         ["asserted", "released", "asserted", "released"])

    def test_stays_when_the_switch_is_ignored(self) -> None:
        self.sim("fault ignore-switch on")

        self.assertEqual(self.registers("DF01=01"), ["01"])

        self.assertEqual(self.status()["usb-a"], "host")

    def test_keeps_its_side_while_the_host_is_away(self) -> None:
        self.registers("DF01=01")
        self.sim("unplug")
        self.guest.wait_until("! test -e /dev/hidraw0")
        self.sim("replug")

        self.assertEqual(self.registers("DF01"), ["01"])


class PictureCase(SimulatedStick):
    either = True

    def setUp(self) -> None:
        super().setUp()
        self.guest.put("/tmp/picture.py", _READER.read_bytes())
        self.await_nodes()

    def stream(self, size: str, rate_hz: int, frames: int, pixels: str = "MJPG") -> None:
        width, height = size.split("x")
        self.guest.run(
            "timeout 50 v4l2-ctl -d /dev/video0 "
            f"--set-fmt-video=width={width},height={height},pixelformat={pixels} "
            f"--set-parm={rate_hz} --stream-mmap=8 --stream-count={frames} --stream-to=/tmp/stream"
        )

    def read(self, first: int, last: int) -> list[dict[str, object]]:
        """What frames of the stream say, counted from 1."""
        self.guest.run("rm -f /tmp/f*.jpg; ffmpeg -v error -i /tmp/stream -c copy /tmp/f%03d.jpg")
        files = " ".join(f"/tmp/f{number:03}.jpg" for number in range(first, last + 1))
        read = json.loads(self.guest.out(f"/usr/bin/python3 /tmp/picture.py --json {files}", 120))
        self.assertEqual(len(read), last - first + 1)
        return list(read)


class TestPicture(PictureCase):
    def test_has_frames_of_full_hd_in_their_order(self) -> None:
        self.stream("1920x1080", 30, 40)

        read = self.read(15, 40)

        numbers = [int(str(entry["frame"])) for entry in read]
        # A number is left out where the emulated machine was too late for it; none comes twice.
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual({entry["nonce"] for entry in read}, {"cafe0001"})
        self.assertEqual({entry["torn"] for entry in read}, {False})

    def test_begins_with_the_chips_fillers(self) -> None:
        self.stream("640x480", 30, 20)

        shows_target = [entry["frame"] is not None for entry in self.read(1, 20)]

        fillers = shows_target.index(True)
        # Twelve, of which a slow host leaves out some.
        self.assertGreater(fillers, 6)
        self.assertLessEqual(fillers, 12)
        self.assertTrue(all(shows_target[fillers:]))

    def test_is_served_uncompressed_too(self) -> None:
        self.stream("640x480", 10, 15, "YUYV")
        self.guest.run("ffmpeg -v error -f rawvideo -pix_fmt yuyv422 -video_size 640x480 "
                       "-i /tmp/stream -vf 'select=gte(n\\,14)' -frames:v 1 -y /tmp/y.png")

        said = self.guest.out("/usr/bin/python3 /tmp/picture.py /tmp/y.png")

        self.assertIn("of run cafe0001", said)

    def test_is_only_filler_without_a_signal(self) -> None:
        self.sim("signal off")
        self.stream("640x480", 30, 16)

        self.assertIsNone(self.read(16, 16)[0]["frame"])

    def test_can_be_truncated(self) -> None:
        self.sim("fault truncated-jpeg 3")
        self.stream("640x480", 30, 15)

        self.assertEqual(self.status()["frames-spoilt"], "3")


class PictureSizes(PictureCase):
    run_options = "--filler-frames 0"

    def test_are_decoded_without_a_complaint(self) -> None:
        for size in ("1600x1200", "1360x768", "1280x1024", "1280x960", "1280x720", "1024x768",
                     "800x600", "720x576", "720x480", "640x480"):
            self.stream(size, 30, 2)

            [read] = self.read(2, 2)
            said = self.guest.out("ffmpeg -v warning -i /tmp/f002.jpg -f null - 2>&1")

            self.assertEqual(said, "", size)
            self.assertEqual(f"{read['width']}x{read['height']}", size)
            self.assertEqual(read["nonce"], "cafe0001", size)
