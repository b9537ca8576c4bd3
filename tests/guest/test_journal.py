# SPDX-License-Identifier: MIT
"""What the journal has of a stick's daemon: fields, a text for what is wrong, and nothing that was typed."""

import re

from testbed.case import GuestCase

_OURS = "journalctl --sync; journalctl -b --no-pager -q -u 'minikvmd@*'"
_NO_CAMERA = "1169a20d8b4a459c9159a0021a0a8250"


class Journal(GuestCase):
    either = True

    def since(self, cursor: str) -> str:
        return self.guest.out(f"{_OURS} -o cat --after-cursor='{cursor}'")

    def cursor(self) -> str:
        return self.guest.out("journalctl --sync; journalctl -b -n 1 -o export | sed -n 's/^__CURSOR=//p'")

    def test_says_which_stick_each_line_is_about(self) -> None:
        [stick] = self.guest.stick_ids()

        lines = self.guest.out(f"journalctl --sync; journalctl -b -q -o cat MINIKVM_ID={stick}")

        self.assertEqual(lines, self.guest.out(f"{_OURS} -o cat _COMM=minikvmd"))
        self.assertIn("minikvmd[", self.guest.out(f"journalctl -b -q MINIKVM_ID={stick}"))

    def test_explains_what_is_wrong(self) -> None:
        [stick] = self.guest.stick_ids()
        unit = f"minikvmd@{stick}.service"

        self.guest.run(f"systemctl stop {unit} && modprobe -r v4l2loopback && "
                       "mv $(modinfo -F filename v4l2loopback) /root && "
                       f"systemctl start {unit}")

        told = self.guest.wait_until(f"{_OURS} --catalog MESSAGE_ID={_NO_CAMERA} | grep .")
        self.assertIn("Subject: A Mini-KVM has no camera", told)
        self.assertIn(f"The daemon of stick {stick} could not make a camera", told)
        self.assertIn("minikvmctl doctor", told)

    def test_knows_nothing_of_what_was_typed(self) -> None:
        self.guest.run("mkdir -p /etc/minikvm && echo 'log.level = \"debug\"' >/etc/minikvm/minikvm.toml && "
                       "systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl list | grep -qw ready")
        said = []
        # Words of one length, without a letter in common.
        for secret in ("swordfish-1234", "chutzpalm.6789"):
            cursor = self.cursor()
            self.guest.run(f"minikvmctl type '{secret}'")
            said.append(self.since(cursor))
            self.assertNotIn(secret, said[-1])

        # The same lines both times, but for numbers that count: they depend on nothing that was typed.
        self.assertEqual(*(sorted(set(re.sub(r"\d+", "N", lines).splitlines())) for lines in said))
