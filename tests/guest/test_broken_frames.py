# SPDX-License-Identifier: MIT
"""Frames that a stick spoils are counted, and no viewer sees them."""

import test_cards

_SPOILT = 3


class BrokenFrames(test_cards.CardCase):
    either = True

    def await_more(self, name: str, before: int, count: int) -> None:
        self.guest.wait_until(f"test $(minikvmctl get video/{name}) -ge {before + count}")

    def test_reach_no_viewer(self) -> None:
        self.watch()
        self.wait_for_sight("picture")

        for fault in ("truncated-jpeg", "damaged-jpeg", "empty-jpeg", "wrong-size-jpeg"):
            with self.subTest(fault):
                broken = self.count("broken")
                self.guest.sim(f"fault {fault} {_SPOILT}")
                self.await_more("broken", broken, _SPOILT)
                self.await_more("frames", self.count("frames"), 5)
                self.assertEqual(self.count("broken"), broken + _SPOILT)

        repeated = self.count("repeated")
        self.guest.sim(f"fault repeated-frame {_SPOILT}")
        self.await_more("repeated", repeated, _SPOILT)
        self.await_more("frames", self.count("frames"), 5)

        sights, account = self.sights()
        self.assertEqual(account["error"], "")
        self.assertEqual(sights, ["picture"], "nothing but pictures, all the while")
        self.assertEqual(account["end"]["torn"], 0)
        self.assertEqual((self.count("restarts"), self.count("resets")), (0, 0))

    def test_give_way_to_a_card_when_there_are_no_others(self) -> None:
        self.watch()
        self.wait_for_sight("picture")

        self.guest.sim("fault truncated-jpeg on")
        self.wait_for_card("stalled")
        self.guest.sim("fault truncated-jpeg off")
        self.wait_for_card("none")

        self.wait_for_sight("picture")
        sights, account = self.sights()
        self.assertEqual((account["error"], account["end"]["torn"]), ("", 0))
        self.assertEqual(sights[0], "picture")
        self.assertEqual(sights[-1], "picture")


class SlowStart(test_cards.CardCase):
    either = True

    def test_is_waited_for_with_a_card(self) -> None:
        self.guest.sim("fault slow-start 2000")

        self.watch()

        self.wait_for_card("starting")
        self.wait_for_sight("picture")
        self.assertEqual((self.count("restarts"), self.count("resets")), (0, 0))
        sights, account = self.sights()
        self.assertEqual((account["error"], sights), ("", ["picture"]))
