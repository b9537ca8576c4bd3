# SPDX-License-Identifier: MIT
"""The control tree as files does what people know from sysfs."""

from testbed.case import GuestCase

# Waits for POLLPRI on a file, as one waits for an attribute of sysfs.
_POLL = """
import os, select, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
os.read(fd, 64)
poll = select.poll()
poll.register(fd, select.POLLPRI)
assert not poll.poll(0), "nothing has changed yet"
print("waiting", flush=True)
assert poll.poll(30000), "no change was told"
os.lseek(fd, 0, os.SEEK_SET)
print(os.read(fd, 64).decode(), end="")
assert not poll.poll(0), "a change that was read is told again"
"""


class Mounted(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest.run("mkdir -p /m && minikvmctl mount /m")

    def test_has_the_whole_tree(self) -> None:
        files = self.guest.out("cd /m && find . -type f | sed 's,^./,,' | sort").splitlines()
        names = [line.split()[0] for line in self.guest.out("minikvmctl ls").splitlines()]

        self.assertEqual(files, sorted(names))

    def test_reads_and_writes_values(self) -> None:
        self.assertEqual(self.guest.out("cat /m/usb/switch"), "host")

        self.guest.run("echo target > /m/usb/switch")

        self.assertEqual(self.guest.out("cat /m/usb/switch"), "target")
        self.assertEqual(self.guest.out("minikvmctl get usb/switch"), "target")

    def test_lets_grep_find_values(self) -> None:
        found = self.guest.run("grep -r . /m", check=False).out.splitlines()

        self.assertIn("/m/state:ready", found)
        self.assertIn("/m/hdmi/mode:1920x1080@60.00", found)

    def test_refuses_a_wrong_value_as_the_shell_says(self) -> None:
        refused = self.guest.run("echo sideways > /m/usb/switch", check=False)

        self.assertNotEqual(refused.status, 0)
        self.assertIn("nvalid argument", refused.err)
        self.assertEqual(self.guest.out("cat /m/usb/switch"), "host")

    def test_refuses_what_a_mode_does_not_allow(self) -> None:
        for command in ("echo ready > /m/state", "cat /m/input/release_all"):
            refused = self.guest.run(command, check=False)
            self.assertIn("ermission denied", refused.err, command)

    def test_tells_a_poller_of_a_change(self) -> None:
        self.guest.put("/tmp/poll.py", _POLL.encode())
        poller = self.guest.start("python3 /tmp/poll.py /m/usb/switch")
        poller.wait_for_output("waiting")

        self.guest.run("minikvmctl usb target")

        outcome = poller.wait()
        self.assertEqual((outcome.status, outcome.out.splitlines()[-1]), (0, "target"), outcome.err)

    def test_goes_on_with_a_restarted_daemon(self) -> None:
        self.guest.run("systemctl restart 'minikvmd@*'")
        self.guest.wait_until("minikvmctl list | grep -E 'ready|no-camera'", 30)

        self.assertIn(self.guest.out("cat /m/state"), ("ready", "no-camera"))

    def test_ends_when_it_is_unmounted(self) -> None:
        self.guest.run("umount /m")

        self.guest.wait_until("! pgrep minikvm-fs", 10)

    def test_is_for_members_of_the_group_alone(self) -> None:
        self.guest.run("useradd -m inside -G minikvm; useradd -m outside")

        self.guest.run("runuser -u inside -- sh -c 'mkdir ~/kvm; cd; minikvmctl mount ~/kvm && "
                       "cat ~/kvm/state && fusermount3 -u ~/kvm'")
        refused = self.guest.run("runuser -u outside -- minikvmctl mount /home/outside", check=False)

        self.assertEqual(refused.status, 4)
