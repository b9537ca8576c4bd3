# SPDX-License-Identifier: MIT
"""Several programs watch one stick; the daemon is restarted under them; nobody watches at all."""

from testbed.accelerator import Clock
from viewer_case import ViewerCase

_GAP_S = 2
_NAMES = ("one", "two", "three")


class Viewers(ViewerCase):
    def test_each_get_every_frame_decoded_once(self) -> None:
        self.guest.run("minikvmctl set video/size 1280x720", 60)
        self.assertEqual(len(self.cameras()), 1)
        taken: list[str] = []
        viewers = []
        for name in _NAMES:
            viewer, node = self.view(name)
            self.assertNotIn(node, taken)
            taken.append(node)
            viewers.append(viewer)
            self.await_free(taken)

        self.assertEqual(self.guest.out("minikvmctl get video/viewers"), "3")
        self.assertEqual(len(self.cameras()), 4)
        for name in _NAMES:
            self.await_frames(name, self.seen(name)["frames"] + 15)
        for viewer in viewers:
            viewer.stop()
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
        counts = {name: int(self.guest.out(f"minikvmctl get video/{name}"))
                  for name in ("frames", "decoded", "repeated")}
        self.assertEqual(counts["decoded"] + counts["repeated"], counts["frames"])
        sums = sum(self.seen(name)["frames"] for name in _NAMES)
        self.assertGreater(sums, counts["decoded"], "each frame was seen more often than decoded")

        # What nobody uses goes again.
        self.guest.wait_until("test $(minikvmctl get video/cameras | wc -w) = 1")
        self.assertEqual(self.guest.out(f"readlink -f {self.link}"), taken[0])


class ViewersAtFullRate(ViewerCase):
    clock = Clock.FAST
    FRAMES = 120

    def watch_together(self) -> list[float]:
        """The rate at which each of three viewers got so many frames and more, once all were there."""
        taken: list[str] = []
        viewers = []
        for name in _NAMES:
            viewer, node = self.view(name)
            viewers.append(viewer)
            taken.append(node)
            self.await_free(taken)
        # What comes with a new camera is over.
        self.await_frames("three", 15)
        before = [self.seen(name) for name in _NAMES]
        for name in _NAMES:
            self.await_frames(name, before[_NAMES.index(name)]["frames"] + self.FRAMES)
        after = [self.seen(name) for name in _NAMES]
        for viewer in viewers:
            viewer.stop()
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
        rates = [(end["frames"] - begin["frames"]) / (end["seconds"] - begin["seconds"])
                 for begin, end in zip(before, after, strict=True)]
        self.remark("frames a second: " + ", ".join(f"{rate:.2f}" for rate in rates))
        return rates

    def count(self, name: str) -> int:
        return int(self.guest.out(f"minikvmctl get video/{name}"))

    def test_each_get_every_picture_as_it_is(self) -> None:
        self.guest.run("minikvmctl set video/format mjpg", 60)

        for rate in self.watch_together():
            self.assertAlmostEqual(rate, 30, delta=0.5)
        self.assertEqual((self.count("dropped"), self.count("skipped")), (0, 0))

    def test_each_get_every_picture_that_is_decoded_once(self) -> None:
        for rate in self.watch_together():
            self.assertAlmostEqual(rate, 30, delta=0.5)
        self.assertEqual(self.count("decoded") + self.count("repeated"), self.count("frames"))
        # Once, and not once for each viewer.
        self.assertLess(self.count("decoded"), 2 * self.seen("one")["frames"])


class ViewersConfigured(ViewerCase):
    long = True

    def test_find_no_more_cameras_than_are_allowed(self) -> None:
        self.guest.run("mkdir -p /etc/minikvm && echo video.max_cameras = 2 >/etc/minikvm/minikvm.toml "
                       "&& systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get state | grep -qx ready")
        _, first = self.view("one")
        self.await_free([first])
        _, second = self.view("two")

        self.guest.wait_until("test $(minikvmctl get video/viewers) = 2")
        self.assertEqual(self.cameras(), [first, second])
        self.assertEqual(self.guest.out(f"readlink -f {self.link}"), second)

    def test_find_the_cameras_where_they_are_configured(self) -> None:
        # On 0.12.7 one of those that were made when the module was loaded.
        dynamic = self.guest.run("test -e /dev/v4l2loopback", check=False).status == 0
        labelled = "grep -lx 'Mini-KVM camera 3' /sys/devices/virtual/video4linux/*/name"
        number = "200" if dynamic else self.guest.out(f"{labelled} | grep -o 'video[0-9]*/' | tr -dc 0-9")
        self.guest.run(f"mkdir -p /etc/minikvm && echo video.first_node = {number} "
                       ">/etc/minikvm/minikvm.toml && systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get state | grep -qx ready")

        self.assertEqual(self.cameras(), [f"/dev/video{number}"])
        _, node = self.view("one")
        self.assertEqual(node, f"/dev/video{number}")
        self.await_free([node])
        self.assertEqual(self.cameras(), [node, f"/dev/video{int(number) + 1}"])


class ViewersOfARestart(ViewerCase):
    def test_see_no_error_and_a_short_gap(self) -> None:
        _, node = self.view("one")
        stick_s = self.seen("one")["longest_gap_s"]  # until its first picture
        beside_the_start_s = []
        for interruption in ("systemctl restart 'minikvmd@*'",
                             "systemctl kill --signal=KILL --kill-whom=main 'minikvmd@*'"):
            with self.subTest(interruption):
                beside_the_start_s.append(self.interrupt(interruption))
                self.assertIn(node, self.cameras())

        self.guest.wait_until("test $(minikvmctl get video/viewers) = 1")
        # A busy host makes it longer, never shorter.
        self.assertLess(min(beside_the_start_s), stick_s + _GAP_S)

    def interrupt(self, interruption: str) -> float:
        """How much longer the viewer waited for a picture than the daemon was away."""
        pid = self.guest.out("systemctl show -P MainPID 'minikvmd@*'")
        before = self.seen("one")
        self.await_frames("one", before["frames"] + 5)
        self.guest.run("touch /run/one.forget")
        self.guest.wait_until("! test -e /run/one.forget")

        self.guest.run(interruption)
        self.guest.wait_until("p=$(systemctl show -P MainPID 'minikvmd@*'); "
                              f"test $p != 0 -a $p != {pid} && minikvmctl get state | grep -qx ready")
        self.await_frames("one", self.seen("one")["frames"] + 5)

        seen = self.seen("one")
        self.assertEqual(seen["error"], "")
        started = [int(self.guest.out(f"systemctl show -P {name} 'minikvmd@*'")) / 1e6
                   for name in ("ActiveExitTimestampMonotonic", "ActiveEnterTimestampMonotonic")]
        return float(seen["longest_gap_s"]) - (started[1] - started[0])

    def test_are_given_back_their_node_by_a_stop(self) -> None:
        [stick] = self.guest.stick_ids()
        dynamic = self.guest.run("test -e /dev/v4l2loopback", check=False).status == 0
        [camera] = self.cameras()
        self.guest.run("systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl get state | grep -qx ready")
        self.assertEqual(self.cameras(), [camera])

        self.guest.run(f"systemctl stop minikvmd@{stick}")

        self.assertEqual(self.guest.out("systemctl show -P NFileDescriptorStore 'minikvmd@*'") or "0", "0")
        if dynamic:
            self.guest.run(f"! test -e {camera}")
        else:
            self.guest.run(f"flock --nonblock /sys/class/video4linux/{camera[5:]}/ true")


class NoViewer(ViewerCase):
    SPAN_S = 20
    MOST_A_SECOND = 5

    def switches(self) -> int:
        """Voluntary context switches so far of all threads of the daemon: its wake-ups."""
        return int(self.guest.out(
            "cat /proc/$(systemctl show -P MainPID 'minikvmd@*')/task/*/status | "
            "awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'"))

    def sent(self) -> str:
        """How many pictures the stick has sent so far."""
        return self.guest.out("minikvm-sim ctl --stick 0 status | grep frames-sent")

    def test_costs_fewer_than_five_wake_ups_a_second(self) -> None:
        viewer, _ = self.view("one")
        viewer.stop()
        self.guest.wait_until("test $(minikvmctl get video/cameras | wc -w) = 1")
        self.guest.wait_until("test $(minikvmctl get video/streaming) = no")
        # For whoever asks, here the line above, the chip is asked more.
        self.guest.run("sleep 3")

        sent = self.sent()
        before = self.switches()
        self.guest.run(f"sleep {self.SPAN_S}")
        woken = self.switches() - before

        self.assertLess(woken, self.MOST_A_SECOND * self.SPAN_S)
        self.assertEqual(self.sent(), sent)
        # Its bus has no bandwidth for pictures, so that no request for any can wait.
        self.assertIn("streaming no", self.guest.sim("status"))
