# SPDX-License-Identifier: MIT
"""minikvmctl type: text arrives as it is, in the target's layout."""

import target_text
from testbed.case import GuestCase

# Dead keys, AltGr, Shift, and what is in another place on each keyboard.
_SENTENCE = "Grüße: {[]} @ € \\ ~ | Zoé\n"


class Typing(GuestCase):
    either = True

    def type(self, layout: str, text: str = _SENTENCE, *words: str) -> tuple[int, str]:
        command = " ".join(("minikvmctl type --layout", layout, *words, "-"))
        typed = self.guest.start(command, text.encode()).wait()
        return typed.status, typed.err

    def lines(self) -> int:
        return len(self.guest.recorded())

    def test_a_sentence_arrives_as_it_is(self) -> None:
        before = self.lines()

        self.assertEqual(self.type("de"), (0, ""))

        self.assertEqual(target_text.typed(self.guest, "de", before), _SENTENCE)

    def test_a_sentence_arrives_as_it_is_with_caps_lock_on(self) -> None:
        self.guest.sim("leds caps")
        self.guest.wait_until("test \"$(minikvmctl get input/leds)\" = caps")
        before = self.lines()

        self.assertEqual(self.type("de"), (0, ""))

        self.assertEqual(target_text.typed(self.guest, "de", before, caps=True), _SENTENCE)
        self.guest.wait_until("test \"$(minikvmctl get input/leds)\" = caps")

    def test_what_a_layout_has_not_is_listed_and_nothing_is_typed(self) -> None:
        before = self.lines()

        status, said = self.type("us")

        self.assertEqual(status, 2)
        for character in "üß€é":
            self.assertIn(f"{character} U+{ord(character):04X}", said)
        self.assertEqual(target_text.typed(self.guest, "us", before), "")

    def test_a_long_text_arrives_whole(self) -> None:
        text = "The quick brown fox jumps over the lazy dog. 0123456789!\n" * 20
        before = self.lines()

        self.assertEqual(self.type("us", text, "--rate 0"), (0, ""))

        self.assertEqual(target_text.typed(self.guest, "us", before), text)

    def test_a_member_of_the_group_may_and_others_may_not(self) -> None:
        self.guest.run("useradd -m -G minikvm inside")
        self.guest.run("useradd -m outside")

        self.guest.run("runuser -u inside -- minikvmctl key ctrl+alt+delete")
        refused = self.guest.run("runuser -u outside -- minikvmctl key a", check=False)

        self.assertEqual(refused.status, 4)
        self.assertIn("group minikvm", refused.err)
