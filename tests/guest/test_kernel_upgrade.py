# SPDX-License-Identifier: MIT
"""A kernel that is installed beside the running one: who says that it has no camera, and when."""

from testbed.case import GuestCase

_HOOKS = "DEB_MAINT_PARAMS=configure run-parts --report --regex '^(dkms|minikvm)$'"


class NewKernel(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        version = self.guest.out("uname -r").split(".")
        # Newer than the running one, and as old as to go with the same v4l2loopback.
        self.kernel = f"{version[0]}.{version[1]}.999-test"
        self.guest.run(f"mkdir -p /lib/modules/{self.kernel}/kernel && touch /boot/vmlinuz-{self.kernel}")

    def put_module(self) -> None:
        folder = f"/lib/modules/{self.kernel}/updates/dkms"
        self.guest.run(f"mkdir -p {folder} && cp $(modinfo -F filename v4l2loopback) {folder}")

    def test_is_missed_by_the_hooks_of_a_kernel_package(self) -> None:
        for folder in ("postinst.d", "header_postinst.d"):
            said = self.guest.run(f"{_HOOKS} --arg={self.kernel} /etc/kernel/{folder}").err

            self.assertIn(f"minikvm: kernel {self.kernel} has no v4l2loopback", said)
            self.assertIn(f"apt install linux-headers-{self.kernel}", said)
        self.assertIn(self.kernel, self.guest.out("journalctl -t minikvm -o cat"))

        self.put_module()
        self.assertNotIn("minikvm: kernel",
                         self.guest.run(f"{_HOOKS} --arg={self.kernel} /etc/kernel/postinst.d").err)

    def test_is_known_beforehand_to_be_too_new(self) -> None:
        said = self.guest.run(f"{_HOOKS} --arg=9.9.9-test /etc/kernel/preinst.d").err

        self.assertIn("is too old for it: install 0.15.3 or later", said)

    def test_is_missed_by_kernel_install(self) -> None:
        install = f"kernel-install add {self.kernel} /boot/vmlinuz-{self.kernel}"

        self.assertIn(f"minikvm: kernel {self.kernel}", self.guest.run(install).err)
        # A package's own hooks, which have spoken then, call it too.
        said = self.guest.run(f"DEB_MAINT_PARAMS=configure {install}")
        self.assertNotIn("minikvm: kernel", said.err)

    def test_is_missed_by_the_doctor(self) -> None:
        self.assertIn(f"minikvm-kernel-check {self.kernel}", self.guest.run("minikvmctl doctor", check=False).out)

        self.put_module()

        self.assertNotIn("next-kernel", self.guest.run("minikvmctl doctor", check=False).out)
