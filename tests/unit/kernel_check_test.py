#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What minikvm-kernel-check says of a kernel that was just installed, with a made-up root."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "dkms/minikvm-kernel-check"
TABLE = ROOT / "dkms/v4l2loopback-kernels"
DOCUMENT = ROOT / "docs/v4l2loopback.md"
OLD, NEW = "6.1.0-44-amd64", "6.12.57+deb12-amd64"

DPKG_QUERY = """#!/bin/sh
[ -e "$MINIKVM_ROOT/headers-status" ] || exit 1
cat "$MINIKVM_ROOT/headers-status"
"""


class KernelCheck(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.put("usr/share/minikvm/v4l2loopback-kernels", TABLE.read_text())
        for name, text in (("dpkg-query", DPKG_QUERY), ("logger", "#!/bin/sh\n")):
            self.put(f"bin/{name}", text)
            (self.root / "bin" / name).chmod(0o755)
        self.put_module(OLD)

    def put(self, name: str, text: str = "") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def put_module(self, kernel: str) -> None:
        self.put(f"lib/modules/{kernel}/updates/dkms/v4l2loopback.ko.xz")

    def put_sources(self, version: str) -> None:
        self.put(f"usr/src/v4l2loopback-{version}/dkms.conf")

    def put_headers(self, kernel: str) -> None:
        self.put(f"lib/modules/{kernel}/build/Makefile")

    def check(self, kernel: str, *words: str) -> str:
        environment = {**os.environ, "PATH": f"{self.root}/bin:{os.environ['PATH']}",
                       "MINIKVM_ROOT": str(self.root)}
        done = subprocess.run([SCRIPT, kernel, *words], env=environment, text=True, capture_output=True,
                              timeout=10)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        return done.stderr

    def test_says_nothing_of_a_kernel_that_has_the_module(self) -> None:
        self.put_sources("0.15.0")
        self.put_module(NEW)

        self.assertEqual(self.check(NEW), "")

    def test_says_nothing_where_nobody_has_the_module(self) -> None:
        (self.root / f"lib/modules/{OLD}/updates/dkms/v4l2loopback.ko.xz").unlink()

        self.assertEqual(self.check(NEW), "")

    def test_names_headers_that_are_missing(self) -> None:
        self.put_sources("0.15.0")

        self.assertIn(f"apt install linux-headers-{NEW}", self.check(NEW))

    def test_waits_for_headers_that_are_being_installed(self) -> None:
        self.put_sources("0.15.0")
        self.put("headers-status", "unpacked")
        self.assertEqual(self.check(NEW), "")

        self.put("headers-status", "half-configured")
        self.assertNotEqual(self.check(NEW), "")

    def test_names_a_module_that_could_not_be_built(self) -> None:
        self.put_sources("0.15.0")
        self.put_headers(NEW)

        said = self.check(NEW)

        self.assertIn(f"dkms install v4l2loopback/0.15.0 -k {NEW}", said)
        self.assertIn("/var/lib/dkms/v4l2loopback/0.15.0/build/make.log", said)
        self.assertEqual(len(said.splitlines()), 1)

    def test_names_sources_that_are_too_old(self) -> None:
        self.put_headers(NEW)
        self.put_sources("0.12.7")

        self.assertIn("install 0.13.0 or later", self.check(NEW))

    def test_goes_by_the_table(self) -> None:
        for kernel, version, least in (("6.8.0-rc1-amd64", "0.12.7", "0.13.0"),
                                       ("6.15.4-amd64", "0.14.0", "0.15.0"),
                                       ("6.17.13+deb13-amd64", "0.15.0", "0.15.1"),
                                       ("7.0.1-amd64", "0.15.2", "0.15.3")):
            with self.subTest(kernel):
                self.setUp()
                self.put_sources(version)
                self.put_headers(kernel)

                self.assertIn(f"install {least} or later", self.check(kernel))

    def test_says_before_dkms_only_what_cannot_be_built(self) -> None:
        self.assertEqual(self.check(NEW, "before"), "")
        self.put_sources("0.15.0")
        self.assertEqual(self.check(NEW, "before"), "")
        self.assertIn("install 0.15.3 or later", self.check("6.19.1-amd64", "before"))

    def test_names_the_package_where_the_sources_are_gone(self) -> None:
        self.assertIn(f"apt install v4l2loopback-dkms linux-headers-{NEW}", self.check(NEW))

    def test_has_the_table_of_the_document(self) -> None:
        document = re.findall(r"^\| ([\d.]+) \| ([\d.]+) \|", DOCUMENT.read_text(), re.M)
        lines = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]

        self.assertEqual(document, [(kernel, least) for kernel, least in lines])


if __name__ == "__main__":
    unittest.main()
