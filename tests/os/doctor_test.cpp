// SPDX-License-Identifier: MIT
// What the doctor says of recorded computers: nothing bad of a healthy one, and each fault by name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/ctl/doctor/program.h"
#include "common/file.h"
#include "tests/fakes/recorded_machine.h"

namespace minikvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Doctor : public testing::Test {
protected:
    RecordedMachine machine_;
};

TEST_F(Doctor, HasOnlyGoodNewsOfAHealthyMachine) {
    for (const Finding& finding : machine_.examined()) {
        EXPECT_EQ(finding.verdict, Verdict::Good) << finding.check << ": " << finding.text;
    }
}

TEST_F(Doctor, SaysSomethingInEveryCheck) {
    std::vector<std::string> seen;
    for (const Finding& finding : machine_.examined()) {
        seen.emplace_back(finding.check);
    }

    for (const Check& check : kChecks) {
        EXPECT_THAT(seen, testing::Contains(check.name));
    }
}

TEST_F(Doctor, HasAnAdviceWithEveryFault) {
    machine_.remove("/sys");
    machine_.remove("/etc/group");
    machine_.remove("/usr");
    machine_.programs.clear();

    for (const Finding& finding : machine_.examined()) {
        EXPECT_EQ(finding.verdict == Verdict::Good, finding.mend.empty()) << finding.text;
    }
}

TEST_F(Doctor, HasASectionOfTheDocumentForEveryFault) {
    const std::string document = read_text_file(MINIKVM_TROUBLESHOOTING).value();

    for (const Fault fault : all_faults()) {
        EXPECT_THAT(document, HasSubstr(fmt::format("`{}`", fault_name(fault))));
    }
}

TEST_F(Doctor, NamesAStickThatIsNotOnTheBus) {
    machine_.remove("/sys/bus");
    machine_.tree.reset();

    EXPECT_THAT(machine_.faults(), ElementsAre("no-stick"));
}

TEST_F(Doctor, NamesALoneHalf) {
    machine_.remove(RecordedMachine::kSerial);
    machine_.tree.reset();

    EXPECT_THAT(machine_.faults(), ElementsAre("lone-half"));
}

TEST_F(Doctor, LeavesADongleBesideAStickAlone) {
    machine_.usb_device("/sys/bus/usb/devices/1-3.4", "534d", "2109", "480");

    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, LeavesADongleInThePortOfTheMachineAlone) {
    machine_.usb_device("/sys/bus/usb/devices/1-3", "534d", "2109", "480");

    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, KnowsTheChipsOfALaterStick) {
    machine_.write("/sys/bus/usb/devices/1-2.1/idVendor", "345f\n");
    machine_.write("/sys/bus/usb/devices/1-2.2/idProduct", "fe0c\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.remove("/sys/bus/usb/devices/1-2.2/1-2.2:1.0");
    machine_.says("/usr/sbin/modinfo --field=filename cdc_acm", "/lib/modules/cdc-acm.ko.xz\n");
    EXPECT_THAT(machine_.mend_of("no-nodes"), HasSubstr("sudo modprobe cdc_acm"));
}

TEST_F(Doctor, KnowsAStickWhoseCaptureChipIsOnTheOtherBus) {
    machine_.remove(RecordedMachine::kCapture);
    machine_.remove(RecordedMachine::kSerial);
    machine_.usb_device("/sys/bus/usb/devices/1-2.1", "1a86", "fe0c", "12");
    machine_.usb_device("/sys/bus/usb/devices/2-2", "345f", "2132", "5000");
    machine_.link("/sys/bus/usb/devices/1-2/port/peer/device", "../../../2-2");

    EXPECT_THAT(machine_.faults(), Not(testing::Contains(testing::AnyOf("lone-half", "no-stick"))));
}

TEST_F(Doctor, NamesASlowLink) {
    machine_.write("/sys/bus/usb/devices/1-2.1/speed", "12\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("slow-link"));
}

TEST_F(Doctor, NamesADriverThatTheKernelHasNot) {
    machine_.remove(std::string(RecordedMachine::kSerial) + "/1-2.2:1.0/ttyUSB0");

    EXPECT_THAT(machine_.faults(), ElementsAre("no-nodes"));
    EXPECT_THAT(machine_.mend_of("no-nodes"), HasSubstr("apt install linux-image-amd64"));
}

TEST_F(Doctor, NamesBusErrorsOfTheStick) {
    machine_.kernel_says("usb 1-2.1: device descriptor read/64, error -71");

    EXPECT_THAT(machine_.faults(), ElementsAre("bus-errors"));
}

TEST_F(Doctor, LeavesBusErrorsOfOthersAlone) {
    machine_.kernel_says(
        "usb 1-21: device descriptor read/64, error -71\nusb 1-2.1: new device -710\n"
        "usb 11-2.1: device descriptor read/64, error -110");

    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, TakesErrorsOfAnyDeviceForTheSticksThatNeverAppeared) {
    machine_.remove("/sys/bus");
    machine_.tree.reset();
    machine_.kernel_says("usb 1-7: device not accepting address 12, error -71");

    EXPECT_THAT(machine_.faults(), ElementsAre("no-stick", "bus-errors"));
}

TEST_F(Doctor, NamesRulesThatAreNotInstalled) {
    machine_.remove("/usr/lib/udev/rules.d/72-minikvm.rules");

    EXPECT_THAT(machine_.faults(), ElementsAre("rules-missing"));
}

TEST_F(Doctor, NamesRulesThatAFileOfTheAdministratorSwitchesOff) {
    machine_.write("/etc/udev/rules.d/72-minikvm.rules", "");

    EXPECT_THAT(machine_.mend_of("rules-missing"),
                HasSubstr("rm /etc/udev/rules.d/72-minikvm.rules"));
}

TEST_F(Doctor, NamesRulesThatUdevHasNotApplied) {
    machine_.udev.erase({RecordedMachine::kCapture, "MINIKVM_ID"});

    EXPECT_THAT(machine_.faults(), ElementsAre("rules-not-in-force"));
    EXPECT_THAT(machine_.mend_of("rules-not-in-force"), HasSubstr("udevadm control --reload"));
}

TEST_F(Doctor, NamesNodesThatOthersMayOpen) {
    machine_.write("/etc/passwd", "minikvm:x:4294967:990::/:/bin/false\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("wrong-owner"));
    EXPECT_THAT(machine_.mend_of("wrong-owner"), HasSubstr("/dev/video0"));
}

TEST_F(Doctor, NamesBrlttyThatHasClaimedAChip) {
    machine_.kernel_says(
        "usb 1-2.2: usbfs: interface 0 claimed by ch341 while 'brltty' sets config #1");

    EXPECT_THAT(machine_.faults(), ElementsAre("brltty-takes-chip"));
}

TEST_F(Doctor, NamesBrlttysRulesWhereOursAreNotThere) {
    const std::string rule = "ENV{PRODUCT}==\"1A86/7523/*\", ENV{BRLTTY_BRAILLE_DRIVER}=\"bm\"\n";
    machine_.write("/usr/lib/udev/rules.d/85-brltty.rules", rule);
    EXPECT_THAT(machine_.faults(), ElementsAre("brltty-takes-chip"));

    machine_.write("/usr/lib/udev/rules.d/91-minikvm-brltty.rules", "# ours\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, NamesAModemManagerThatIsNotToldToStayAway) {
    machine_.process("412", "ModemManager", "/dev/null");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.udev.erase({RecordedMachine::kSerial, "ID_MM_DEVICE_IGNORE"});
    EXPECT_THAT(machine_.faults(), ElementsAre("modemmanager-probes"));
}

TEST_F(Doctor, NamesWhatIsWrongWithAUnit) {
    const std::string unit = "minikvmd@1-2.service";
    machine_.unit(unit, "masked", "inactive", "masked");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-masked"));
    machine_.unit(unit, "not-found", "inactive", "");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-missing"));
    machine_.unit(unit, "loaded", "failed");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-failed"));
    machine_.unit(unit, "loaded", "inactive");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-stopped"));
    machine_.unit(unit, "loaded", "active", "static", "yes");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-outdated"));
}

TEST_F(Doctor, NamesAServiceThatIsNotShutIn) {
    machine_.sandbox("minikvmd@1-2.service", "/etc/systemd/system/minikvmd@.service.d/mine.conf",
                     {{"NoNewPrivileges", "no"}});
    EXPECT_THAT(machine_.faults(), ElementsAre("sandbox-changed"));
    EXPECT_THAT(machine_.mend_of("sandbox-changed"), HasSubstr("minikvmd@.service.d/mine.conf"));

    machine_.sandbox("minikvmd@1-2.service", "",
                     {{"ProtectSystem", "no"}, {"DevicePolicy", "auto"}});
    EXPECT_THAT(machine_.mend_of("sandbox-changed"), HasSubstr("--reinstall"));
}

TEST_F(Doctor, NamesAForwarderThatFailed) {
    machine_.unit("minikvm-forward.service", "loaded", "inactive", "disabled");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.unit("minikvm-forward.service", "loaded", "failed");
    EXPECT_THAT(machine_.faults(), ElementsAre("unit-failed"));
}

TEST_F(Doctor, NamesAModulesServiceThatTheNextBootDoesNotStart) {
    machine_.unit("minikvm-modules.service", "loaded", "active", "disabled");

    EXPECT_THAT(machine_.faults(), ElementsAre("unit-disabled"));
}

TEST_F(Doctor, DoubtsTheServicesWhereSystemdDoesNotAnswer) {
    machine_.programs.clear();

    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, NamesAUserOutsideTheGroup) {
    machine_.user = {.name = "bob", .listed_groups = {"bob"}, .session_groups = {"bob"}};

    EXPECT_THAT(machine_.faults(), ElementsAre("not-in-group"));
    EXPECT_THAT(machine_.mend_of("not-in-group"), HasSubstr("sudo usermod -aG minikvm bob"));
}

TEST_F(Doctor, NamesASessionThatIsOlderThanItsGroup) {
    machine_.user = {.name = "bob", .listed_groups = {"bob", "minikvm"}, .session_groups = {"bob"}};

    EXPECT_THAT(machine_.faults(), ElementsAre("not-logged-in-again"));
}

TEST_F(Doctor, NamesAGroupThatDoesNotExist) {
    machine_.write("/etc/group", "root:x:0:\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("no-group"));
}

TEST_F(Doctor, NamesWhoElseHoldsANode) {
    machine_.process("77", "minikvmd", "/dev/ttyUSB0");
    machine_.process("1", "systemd", "/dev/ttyUSB0");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.process("4711", "cheese", "/dev/video0");
    EXPECT_THAT(machine_.faults(), ElementsAre("node-taken"));
    EXPECT_THAT(machine_.mend_of("node-taken"), HasSubstr("sudo kill 4711"));
}

TEST_F(Doctor, TellsAUserThatOnlyRootKnowsWhoHoldsANode) {
    machine_.user.is_root = false;
    machine_.process("4711", "cheese", "/dev/video0");

    EXPECT_THAT(machine_.faults(), IsEmpty());
    const std::vector<Finding> findings = machine_.examined();
    EXPECT_TRUE(std::ranges::any_of(findings, [](const Finding& finding) {
        return finding.check == "holders" && finding.verdict == Verdict::Unknown &&
               finding.mend == "sudo minikvmctl doctor";
    }));
}

/// An attribute, a value of it, and the fault that this is.
struct TreeCase {
    const char* attribute;
    const char* value;
    const char* fault;
};

class DoctorAboutAStick : public testing::TestWithParam<TreeCase> {};

TEST_P(DoctorAboutAStick, NamesWhatItsDaemonSays) {
    RecordedMachine machine;
    machine.tree->values[GetParam().attribute] = GetParam().value;

    EXPECT_THAT(machine.faults(), ElementsAre(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(
    Each, DoctorAboutAStick,
    testing::Values(
        TreeCase{"hdmi/connected", "no", "no-signal"},
        TreeCase{"input/target", "absent", "target-absent"},
        TreeCase{"serial/baud_bd", "9600", "slow-serial"},
        TreeCase{"input/problem", "open /dev/ttyUSB0: Device or resource busy", "no-input"},
        TreeCase{"chip/video/problem", "read: Connection timed out", "registers-silent"},
        TreeCase{"usb/problem", "the capture chip runs firmware 1", "other-firmware"},
        TreeCase{"state", "no-camera", "no-camera"},
        TreeCase{"video/problem", "open /dev/video0: Device or resource busy", "no-picture"}),
    [](const auto& all) {
        std::string name = all.param.fault;
        std::erase(name, '-');
        return name;
    });

TEST_F(Doctor, NamesPicturesThatComeDamaged) {
    machine_.tree->values["video/broken"] = "51";

    EXPECT_THAT(machine_.faults(), ElementsAre("broken-pictures"));
}

TEST_F(Doctor, BelievesTheDriversStatisticsToo) {
    machine_.write("/sys/bus/usb/devices/1-2.1/busnum", "1\n");
    machine_.write("/sys/bus/usb/devices/1-2.1/devnum", "7\n");
    machine_.write("/sys/kernel/debug/usb/uvcvideo/1-17-1/stats", "frames:  5\nerrors:  1000\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.write("/sys/kernel/debug/usb/uvcvideo/1-7-1/stats",
                   "frames:  225\npackets: 15504\nempty:   0\nerrors:  30\ninvalid: 5328\n");
    EXPECT_THAT(machine_.faults(), ElementsAre("broken-pictures"));
}

TEST_F(Doctor, NamesAnObsStudioWithoutANodeForItsVirtualCamera) {
    machine_.write("/sys/devices/virtual/video4linux/video10/name", "Mini-KVM 1-2\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.write("/usr/bin/obs", "");
    EXPECT_THAT(machine_.mend_of("obs-without-node"), HasSubstr("v4l2loopback-ctl add -n"));

    machine_.write("/sys/devices/virtual/video4linux/video11/name", "OBS Virtual Camera\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(Doctor, NamesFixedCamerasThatBrowsersDoNotList) {
    machine_.remove("/sys/module/v4l2loopback/version");
    machine_.write("/sys/devices/virtual/video4linux/video3/name", "Mini-KVM camera 1\n");
    machine_.write("/sys/module/v4l2loopback/parameters/exclusive_caps", "Y,Y,Y\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.write("/sys/module/v4l2loopback/parameters/exclusive_caps", "N,N,N\n");
    EXPECT_THAT(machine_.mend_of("hidden-from-browsers"), HasSubstr("exclusive_caps=1,1"));
}

TEST_F(Doctor, NamesADaemonThatDoesNotAnswer) {
    machine_.tree = StickTree{.id = "1-2", .refusal = "read: Connection timed out", .values = {}};

    EXPECT_THAT(machine_.faults(), ElementsAre("no-answer"));
}

TEST_F(Doctor, TakesNothingElseInTheDirectoryForAStick) {
    machine_.write("/run/minikvm/.released-1-2", "");
    machine_.write("/run/minikvm/forward", "");
    machine_.write("/run/minikvm/1-2/camera", "");

    machine_.with_machine([](const Machine& machine) {
        EXPECT_THAT(read_trees(machine, "/run/minikvm"), IsEmpty());
    });
}

TEST_F(Doctor, NamesAMistakeInTheConfiguration) {
    machine_.write("/etc/minikvm/minikvm.toml", "\nvideo.rate_hz = 1000\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("configuration"));
    EXPECT_THAT(machine_.mend_of("configuration"), HasSubstr("/etc/minikvm/minikvm.toml:2"));
}

TEST_F(Doctor, NamesAPackageThatIsHalfInstalled) {
    const std::string query =
        "dpkg-query --show --showformat=${db:Status-Abbrev}${Version} minikvm";
    machine_.says(query, "ii 0.1.0");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    machine_.says(query, "iF 0.1.0");
    EXPECT_THAT(machine_.faults(), ElementsAre("package-broken"));
}

TEST(ProgramOutput, IsReadToItsEnd) {
    EXPECT_EQ(output_of({"sh", "-c", "echo one; echo two"}), "one\ntwo\n");
    EXPECT_EQ(output_of({"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"})->size(), 300000U);
}

TEST(ProgramOutput, IsNothingOfAProgramThatFailsOrIsNotThere) {
    EXPECT_EQ(output_of({"sh", "-c", "echo one; exit 3"}), std::nullopt);
    EXPECT_EQ(output_of({"no-such-program-at-all"}), std::nullopt);
}

}  // namespace
}  // namespace minikvm
