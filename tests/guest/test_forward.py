# SPDX-License-Identifier: MIT
"""This machine's own keyboard and mouse go to the target at a hotkey, and always come back."""

import hands
import sink
from hands import HOTKEY, PANIC, Hands, attribute, tapping
from testbed.case import GuestCase

_A, _B = 4, 5  # docs/target-recorder.md
_FILE = "/run/minikvm-sim/0.jsonl"
_SHIFT_A = '"hex":"0200040000000000"'
_RELEASED = '"hex":"0000000000000000"'
# docs/man/minikvm-forward.8.scd says 8 s; a key takes a while to be seen in a slow guest.
_WATCHDOG_S = 8 + 2
_MOST_EXPOSED = 1.2


class ForwardCase(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.hands = Hands(self.guest)

    def wait_for_state(self, state: str) -> None:
        self.guest.wait_until(f"{attribute('state')} | grep -qx {state}")

    def go_to_the_target(self) -> None:
        # A daemon that hung for long was killed by its watchdog, and is just starting again.
        self.guest.wait_until("minikvmctl get input/target | grep -qx connected")
        self.hands.tap(*HOTKEY)
        self.wait_for_state("grabbed")

    def wait_for_target(self, what: str) -> None:
        self.guest.wait_until(f"grep -q '{what}' {_FILE}")

    def wait_until_released(self) -> None:
        self.guest.wait_until(f"grep '\"report\":\"keyboard\"' {_FILE} | tail -n1 | grep -q '{_RELEASED}'")
        self.assertEqual(self.guest.out("minikvmctl get input/held"), "0")

    def assert_given_back(self, reason: str) -> None:
        """This machine has its keyboard again, and that is why."""
        self.wait_for_state("host")
        self.assertEqual(self.guest.out(attribute("given_back")), reason)
        seen = self.hands.count_seen("KEY_B")
        self.hands.tap("KEY_B")
        self.hands.wait_until_seen("KEY_B", seen + 1)


class Hotkey(ForwardCase):
    def test_takes_keyboard_and_mouse_to_the_target_and_back(self) -> None:
        self.go_to_the_target()

        self.hands.tap("KEY_A")
        self.hands.move(7)
        self.hands.tap("BTN_LEFT")
        self.hands.point(500, 1000)

        self.wait_for_target('"x":2047,"y":4095')
        reports = sink.once_each(self.guest, self.guest.recorded())
        self.assertIn([_A], [entry.get("keys") for entry in reports])
        self.assertIn(7, [entry.get("dx") for entry in reports])
        self.assertIn(1, [entry.get("buttons") for entry in reports])

        self.hands.tap(*HOTKEY)

        self.assert_given_back("hotkey")
        self.assertNotRegex(self.hands.seen(), "KEY_A|REL_X|BTN_LEFT")
        self.assertNotIn([_B], [entry.get("keys") for entry in self.guest.recorded()])

    def test_shows_the_targets_lights_meanwhile(self) -> None:
        self.go_to_the_target()

        self.guest.sim("leds caps")

        self.guest.wait_until(f"{self.hands.lights()} | grep -qx '\\[1\\]'")
        self.hands.tap(*HOTKEY)
        self.wait_for_state("host")
        self.guest.wait_until(f"{self.hands.lights()} | grep -qx '\\[\\]'")


class TwoSticks(ForwardCase):
    either = True
    sticks = 2

    def go_on_to(self, stick: str) -> None:
        self.guest.wait_until(f"minikvmctl --stick {stick} get input/target | grep -qx connected")
        self.hands.tap(*HOTKEY)
        self.guest.wait_until(f"minikvmctl grab status | grep -qw {stick}")
        self.wait_for_state("grabbed")

    def keys_at(self, stick: int) -> list[list[int]]:
        """What was held there in each keyboard report."""
        return [entry["keys"] for entry in self.guest.recorded(stick) if entry["report"] == "keyboard"]

    def test_are_visited_one_after_the_other(self) -> None:
        first, second = self.guest.stick_ids()

        self.go_on_to(first)
        self.hands.tap("KEY_A")
        self.guest.wait_until(f"grep -q '\"keys\":\\[{_A}\\]' /run/minikvm-sim/0.jsonl")
        self.go_on_to(second)
        self.hands.tap("KEY_B")
        self.guest.wait_until(f"grep -q '\"keys\":\\[{_B}\\]' /run/minikvm-sim/1.jsonl")
        self.hands.tap(*HOTKEY)

        self.assert_given_back("hotkey")
        at_first, at_second = self.keys_at(0), self.keys_at(1)
        self.assertNotIn([_B], at_first)
        self.assertNotIn([_A], at_second)
        self.assertEqual((at_first[-1], at_second[-1]), ([], []))


class Daemon(ForwardCase):
    either = True

    def test_that_hangs_cannot_keep_the_keyboard(self) -> None:
        self.go_to_the_target()

        self.guest.run(f"systemctl kill -s STOP 'minikvmd@*' && {tapping(*PANIC)}")

        self.assert_given_back("panic")
        self.guest.run("systemctl kill -s CONT 'minikvmd@*'")
        self.go_to_the_target()

        self.guest.run("systemctl kill -s STOP 'minikvmd@*'")

        self.assert_given_back("silent")

    def test_whose_stick_is_unplugged_gives_the_keyboard_back(self) -> None:
        self.go_to_the_target()

        self.guest.sim("unplug")

        self.assert_given_back("stick-gone")


class Forwarder(ForwardCase):
    long = True

    def test_that_dies_leaves_nothing_pressed(self) -> None:
        self.go_to_the_target()
        self.hands.press("KEY_LEFTSHIFT", "KEY_A")
        self.wait_for_target(_SHIFT_A)

        self.guest.run("systemctl kill -s KILL minikvm-forward")

        self.wait_until_released()

    def test_leaves_nothing_pressed_of_a_keyboard_that_is_unplugged(self) -> None:
        self.go_to_the_target()
        self.hands.press("KEY_LEFTSHIFT", "KEY_A")
        self.wait_for_target(_SHIFT_A)

        self.hands.unplug()

        self.wait_until_released()

    def test_that_hangs_gives_the_keyboard_back(self) -> None:
        self.go_to_the_target()
        knock = f"until grep -qw KEY_B {hands.SEEN}; do {tapping('KEY_B')}; sleep 0.2; done"

        took_s = float(self.guest.out("begin=$(date +%s%N); systemctl kill -s STOP minikvm-forward; "
                                      f"{knock}; echo $(($(date +%s%N) - begin))e-9"))

        self.assertLess(took_s, _WATCHDOG_S)
        self.guest.wait_until("systemctl is-active minikvm-forward")


class Grab(ForwardCase):
    long = True

    def test_is_for_members_of_the_group(self) -> None:
        self.guest.run("useradd -m -G minikvm inside && useradd -m outside")
        [stick] = self.guest.stick_ids()

        refused = self.guest.run("runuser -u outside -- minikvmctl grab status", check=False)
        self.assertEqual((refused.status, refused.out), (4, ""))

        self.assertEqual(self.guest.out("runuser -u inside -- minikvmctl grab --for 2s"), stick)
        self.assert_given_back("trial")

    def test_leaves_out_what_rules_and_reason_say(self) -> None:
        [stick] = self.guest.stick_ids()
        self.guest.run("mkdir -p /etc/minikvm && "
                       "echo 'forward.ignore = [\"name:Test Hands mouse\"]' >/etc/minikvm/minikvm.toml && "
                       "systemctl reload minikvm-forward")
        self.guest.wait_until(f"! {attribute('devices')} | grep -qw {self.hands.mouse}")
        sinks = self.guest.out(f"readlink {sink.node(stick, 'keyboard')} {sink.node(stick, 'mouse')}")
        self.assertEqual(self.guest.out("minikvmctl grab"), stick)

        taken = self.guest.out(attribute("grabbed")).split()

        self.assertIn(self.hands.keyboard, taken)
        self.assertEqual(set(taken) & {self.hands.mouse, *sinks.split()}, set())
        self.hands.move(7)
        self.hands.wait_until_seen("REL_X", 1)


class Unit(GuestCase):
    def test_lets_the_forwarder_do_little_else_than_its_work(self) -> None:
        said = self.guest.out("systemd-analyze security --no-pager minikvm-forward.service", 60)

        exposure = float(said.splitlines()[-1].split(":")[1].split()[0])
        self.assertLessEqual(exposure, _MOST_EXPOSED, said)

        verified = self.guest.run("systemd-analyze verify --man=no minikvm-forward.service", 60)

        self.assertNotIn("minikvm", verified.out + verified.err)
