# SPDX-License-Identifier: MIT
"""What is written in /etc/minikvm reaches the running stick's daemon."""

import textwrap

from testbed.case import GuestCase


class Configuration(GuestCase):
    either = True

    def configure(self, toml: str) -> None:
        self.guest.run("mkdir -p /etc/minikvm")
        self.guest.put("/etc/minikvm/minikvm.toml", textwrap.dedent(toml).encode())

    def journal(self) -> str:
        return self.guest.out("journalctl -b -o cat -u 'minikvmd@*'")

    def test_gives_a_stick_its_name_at_a_reload(self) -> None:
        [stick] = self.guest.stick_ids()
        self.configure(f"""
            [sticks."{stick}"]
            name = "rack-3"
            """)

        self.guest.run("systemctl reload 'minikvmd@*'")

        self.guest.wait_until("minikvmctl --stick rack-3 get name | grep -qx rack-3")
        self.assertIn(f'name is now "rack-3": id={stick}', self.journal())

    def test_says_what_a_reload_cannot_change(self) -> None:
        [stick] = self.guest.stick_ids()
        self.configure("video.rate_hz = 5")

        self.guest.run("systemctl reload 'minikvmd@*'")

        self.guest.wait_until("journalctl -b -o cat -u 'minikvmd@*' | grep -q 'video.rate_hz = 5 cannot be "
                        f"reloaded.*systemctl restart minikvmd@{stick}'")

    def test_costs_nothing_but_the_key_that_is_wrong(self) -> None:
        [stick] = self.guest.stick_ids()
        self.configure(f"""
            video.rate_hz = 1000
            [sticks."{stick}"]
            name = "still-named"
            """)

        self.guest.run("systemctl restart 'minikvmd@*'")

        self.guest.wait_until("minikvmctl get state --stick still-named | grep -qx ready")
        self.assertIn("/etc/minikvm/minikvm.toml:2: video.rate_hz = 1000: has to be "
                      "a number, 1 to 120 (Hz); it stays 30", self.journal())

    def test_is_shown_to_any_user(self) -> None:
        self.configure("video.rate_hz = 60")

        shown = self.guest.out("runuser -u nobody -- minikvmctl config show")

        self.assertIn("/etc/minikvm/minikvm.toml:1", shown)
