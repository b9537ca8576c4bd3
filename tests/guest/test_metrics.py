# SPDX-License-Identifier: MIT
"""minikvmctl metrics is OpenMetrics to a parser that is not ours, and says what the stick does."""

import importlib
from typing import Any

from testbed.case import GuestCase

# By name: what checks types does not have this package.
_PARSER = importlib.import_module("prometheus_client.openmetrics.parser")
_TYPES = {"info", "stateset", "gauge", "counter", "summary"}


class Metrics(GuestCase):
    either = True
    sticks = 3

    def samples(self) -> list[Any]:
        text = self.guest.out("minikvmctl metrics") + "\n"
        families = list(_PARSER.text_string_to_metric_families(text))
        self.assertEqual({family.type for family in families}, _TYPES)
        self.assertTrue(all(family.documentation for family in families))
        return [sample for family in families for sample in family.samples]

    def test_are_read_by_another_parser(self) -> None:
        ids = self.guest.stick_ids()
        described = {sample.labels["stick"]: sample.labels for sample in self.samples()
                     if sample.name == "minikvm_stick_info"}

        self.assertEqual(sorted(described), sorted(ids))
        self.assertEqual(described[ids[0]]["video_chip"], "MS2109")

    def test_follow_what_the_stick_does(self) -> None:
        first, second, third = self.guest.stick_ids()
        self.guest.run(f"minikvmctl --stick {second} usb target --wait")
        self.guest.run(f"minikvmctl --stick {second} key a b")
        samples = self.samples()
        sides = {sample.labels["stick"]: sample.labels["minikvm_usb_switch"]
                 for sample in samples
                 if sample.name == "minikvm_usb_switch" and sample.value == 1}
        reports = {sample.labels["stick"]: sample.value for sample in samples
                   if sample.name == "minikvm_input_reports_total"}
        latencies = {sample.labels["stick"]: sample.value for sample in samples
                     if sample.name == "minikvm_input_latency_seconds"
                     and sample.labels["quantile"] == "0.5"}

        self.assertEqual(sides, {first: "host", second: "target", third: "host"})
        self.assertGreaterEqual(reports[second] - reports[first], 4)
        self.assertEqual(list(latencies), [second], "only there anything was typed")
        # Its frame and the answer take 1.8 ms of the line (docs/hardware.md 5.9).
        self.assertGreater(latencies[second], 0.0018)
