#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What minikvm-modules loads for each version of v4l2loopback, with a made-up modprobe and sysfs."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "dkms" / "minikvm-modules"

MODPROBE = """#!/bin/sh
[ "$1" = --showconfig ] && { cat "$FAKE/modprobe.conf"; exit 0; }
shift
[ -e "$FAKE/refuses-$1" ] && { cat "$FAKE/refuses-$1"; exit 1; }
for word; do printf '%s|' "$word"; done >>"$FAKE/loaded"
echo >>"$FAKE/loaded"
mkdir -p "$FAKE/sys/module/$1"
case "$*" in *card_label=*)
    mkdir -p "$FAKE/sys/devices/virtual/video4linux/video1"
    echo "Mini-KVM camera 1" >"$FAKE/sys/devices/virtual/video4linux/video1/name" ;;
esac
exit 0
"""
MODINFO = """#!/bin/sh
[ -e "$FAKE/version" ] || exit 1
cat "$FAKE/version"
"""


class MinikvmModules(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in (("modprobe", MODPROBE), ("modinfo", MODINFO)):
            program = self.root / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(text)
            program.chmod(0o755)
        self.put("modprobe.conf", "")

    def put(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")

    def run_script(self) -> str:
        environment = {**os.environ, "PATH": f"{self.root}/bin:{os.environ['PATH']}",
                       "FAKE": str(self.root), "MINIKVM_SYSFS": f"{self.root}/sys"}
        done = subprocess.run([SCRIPT], env=environment, text=True, capture_output=True, timeout=10)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def loaded(self) -> dict[str, list[str]]:
        """Module -> the options that it was loaded with."""
        lines = (self.root / "loaded").read_text().splitlines()
        return {module: options for module, *options in (line.rstrip("|").split("|") for line in lines)}

    def test_makes_static_cameras_before_0_13(self) -> None:
        self.put("version", "0.12.7")

        self.assertEqual(self.run_script(), "")
        options = dict(word.split("=", 1) for word in self.loaded()["v4l2loopback"])
        self.assertEqual(options["devices"], "8")
        self.assertEqual(options["exclusive_caps"], ",".join("1" * 8))
        self.assertEqual(options["max_buffers"], "16")
        labels = options["card_label"].split(",")
        self.assertEqual(labels[0], "OBS Virtual Camera")
        self.assertEqual(labels[1:], [f"Mini-KVM camera {number}" for number in range(1, 8)])

    def test_takes_a_module_without_a_version_for_an_old_one(self) -> None:
        self.put("version", "")

        self.assertEqual(self.run_script(), "")
        self.assertIn("devices=8", self.loaded()["v4l2loopback"])

    def test_makes_no_camera_from_0_13_on(self) -> None:
        for version in ("0.13.2", "0.15.0", "1.0.0", "0.20.1"):
            with self.subTest(version=version):
                self.setUp()
                self.put("version", version)

                self.assertEqual(self.run_script(), "")
                self.assertEqual(self.loaded()["v4l2loopback"], ["devices=0"])

    def test_loads_what_the_sink_and_the_unit_need(self) -> None:
        self.put("version", "0.15.0")
        self.run_script()

        self.assertLessEqual({"uinput", "usbserial", "cdc_acm", "hid"}, set(self.loaded()))

    def test_leaves_a_loaded_module_alone(self) -> None:
        self.put("version", "0.15.0")
        self.put("sys/module/v4l2loopback/version", "0.15.0")

        self.assertEqual(self.run_script(), "")
        self.assertNotIn("v4l2loopback", self.loaded())

    def test_says_that_a_loaded_old_module_has_no_cameras_of_ours(self) -> None:
        self.put("sys/module/v4l2loopback/version", "0.12.7")
        self.put("sys/devices/virtual/video4linux/video0/name", "OBS Virtual Camera")

        self.assertIn("loaded with other options than ours", self.run_script())
        self.assertNotIn("v4l2loopback", self.loaded())

    def test_is_content_with_a_loaded_old_module_that_has_our_cameras(self) -> None:
        self.put("sys/module/v4l2loopback/version", "0.12.7")
        self.put("sys/devices/virtual/video4linux/video3/name", "Mini-KVM camera 1")

        self.assertEqual(self.run_script(), "")

    def test_keeps_the_users_options(self) -> None:
        for version in ("0.12.7", "0.15.0"):
            with self.subTest(version=version):
                self.setUp()
                self.put("version", version)
                self.put("modprobe.conf", "options v4l2loopback devices=1 card_label=OBS")

                self.run_script()
                self.assertEqual(self.loaded()["v4l2loopback"], [])

    def test_goes_on_without_v4l2loopback(self) -> None:
        said = self.run_script()

        self.assertIn("not installed for kernel", said)
        self.assertIn("apt install v4l2loopback-dkms", said)
        self.assertIn("uinput", self.loaded())

    def test_says_why_a_module_is_refused(self) -> None:
        for version in ("0.12.7", "0.15.0"):
            with self.subTest(version=version):
                self.setUp()
                self.put("version", version)
                self.put("refuses-v4l2loopback", "Key was rejected by service")

                said = self.run_script()
                self.assertIn("there will be no cameras", said)
                self.assertIn("Key was rejected by service", said)
                self.assertEqual(len(said.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
