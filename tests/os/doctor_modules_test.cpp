// SPDX-License-Identifier: MIT
// What the doctor says of the kernel modules of recorded computers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/recorded_machine.h"

namespace minikvm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DoctorAboutModules : public testing::Test {
protected:
    void make_0_12_the_sources() {
        machine_.remove("/sys/module/v4l2loopback");
        machine_.write("/usr/src/v4l2loopback-0.12.7/dkms.conf", "");
    }
    void unload_v4l2loopback() {
        machine_.remove("/sys/module/v4l2loopback");
        const std::string file = "/lib/modules/6.12.57+deb13-amd64/updates/dkms/v4l2loopback.ko.xz";
        machine_.write(file, "");
        machine_.says("/usr/sbin/modinfo --field=filename v4l2loopback", file + "\n");
        machine_.says("/usr/sbin/modinfo --field=signer v4l2loopback", "DKMS module signing key\n");
    }
    void install_kernel(const std::string& kernel) {
        machine_.write(fmt::format("/lib/modules/{}/kernel/fs/fuse.ko.xz", kernel), "");
    }

    RecordedMachine machine_;
};

TEST_F(DoctorAboutModules, NamesAModuleThatIsNotInstalled) {
    machine_.remove("/sys/module/v4l2loopback");

    EXPECT_THAT(machine_.faults(), ElementsAre("module-missing"));
    EXPECT_THAT(machine_.mend_of("module-missing"),
                HasSubstr("apt install v4l2loopback-dkms linux-headers-6.12.57+deb13-amd64"));
}

TEST_F(DoctorAboutModules, NamesAModuleThatIsNotLoaded) {
    unload_v4l2loopback();

    EXPECT_THAT(machine_.faults(), ElementsAre("module-not-loaded"));
}

TEST_F(DoctorAboutModules, NamesHeadersThatAreMissing) {
    make_0_12_the_sources();
    machine_.kernel = "6.1.0-56-amd64";

    EXPECT_THAT(machine_.faults(), ElementsAre("headers-missing"));
    EXPECT_THAT(machine_.mend_of("headers-missing"),
                AllOf(HasSubstr("linux-headers-6.1.0-56-amd64"), HasSubstr("dkms autoinstall")));
}

TEST_F(DoctorAboutModules, NamesAModuleThatIsNotBuiltForTheRunningKernel) {
    make_0_12_the_sources();
    machine_.kernel = "6.1.0-56-amd64";
    machine_.write("/lib/modules/6.1.0-56-amd64/build/Makefile", "");

    EXPECT_THAT(machine_.faults(), ElementsAre("module-not-built"));
    EXPECT_THAT(machine_.mend_of("module-not-built"),
                HasSubstr("dkms install v4l2loopback/0.12.7 -k 6.1.0-56-amd64"));
}

TEST_F(DoctorAboutModules, NamesAModuleThatIsTooOldForTheKernel) {
    make_0_12_the_sources();

    EXPECT_THAT(machine_.mend_of("module-too-old"), HasSubstr("v4l2loopback-dkms 0.13.0 or later"));
}

TEST_F(DoctorAboutModules, KnowsWhichVersionAKernelOfBackportsWants) {
    machine_.remove("/sys/module/v4l2loopback");
    machine_.write("/usr/src/v4l2loopback-0.15.0/dkms.conf", "");
    machine_.kernel = "6.17.13+deb13-amd64";

    EXPECT_THAT(machine_.mend_of("module-too-old"), HasSubstr("v4l2loopback-dkms 0.15.1 or later"));
}

TEST_F(DoctorAboutModules, NamesANewKernelThatIsLeftWithoutTheModule) {
    machine_.write("/usr/src/v4l2loopback-0.15.0/dkms.conf", "");
    install_kernel("6.12.48+deb13-amd64");
    EXPECT_THAT(machine_.faults(), IsEmpty());

    install_kernel("6.12.105+deb13-amd64");
    EXPECT_THAT(machine_.faults(), ElementsAre("next-kernel"));
    EXPECT_THAT(machine_.mend_of("next-kernel"),
                HasSubstr("minikvm-kernel-check 6.12.105+deb13-amd64"));
}

TEST_F(DoctorAboutModules, IsContentWithANewKernelThatHasTheModule) {
    machine_.write("/usr/src/v4l2loopback-0.15.0/dkms.conf", "");
    install_kernel("6.12.105+deb13-amd64");
    machine_.write("/lib/modules/6.12.105+deb13-amd64/updates/dkms/v4l2loopback.ko.xz", "");

    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(DoctorAboutModules, NamesAModuleThatALockedDownKernelRefuses) {
    unload_v4l2loopback();
    machine_.write("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("module-refused"));
    EXPECT_THAT(machine_.mend_of("module-refused"), HasSubstr("mokutil --import"));
}

TEST_F(DoctorAboutModules, NamesAModuleThatNobodySigned) {
    unload_v4l2loopback();
    machine_.write("/usr/src/v4l2loopback-0.15.0/dkms.conf", "");
    machine_.programs.erase("/usr/sbin/modinfo --field=signer v4l2loopback");
    machine_.kernel_says(
        "Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7");

    EXPECT_THAT(machine_.faults(), ElementsAre("module-unsigned"));
    EXPECT_THAT(
        machine_.mend_of("module-unsigned"),
        AllOf(HasSubstr("apt install openssl"), HasSubstr("dkms install v4l2loopback/0.15.0")));
}

TEST_F(DoctorAboutModules, NamesAModuleWhoseKeyTheKernelDoesNotKnow) {
    unload_v4l2loopback();
    machine_.kernel_says("Loading of module with unavailable key is rejected");

    EXPECT_THAT(machine_.faults(), ElementsAre("module-refused"));
}

TEST_F(DoctorAboutModules, NamesAnOldModuleThatSomebodyElseLoadedWithoutRoomForUs) {
    machine_.remove("/sys/module/v4l2loopback/version");
    machine_.write("/sys/devices/virtual/video4linux/video2/name", "OBS Virtual Camera\n");
    EXPECT_THAT(machine_.faults(), ElementsAre("module-options"));

    machine_.write("/sys/devices/virtual/video4linux/video3/name", "Mini-KVM camera 1\n");
    EXPECT_THAT(machine_.faults(), IsEmpty());
}

TEST_F(DoctorAboutModules, NamesUinputThatIsNotLoaded) {
    machine_.remove("/sys/class/misc/uinput");
    machine_.says("/usr/sbin/modinfo --field=filename uinput", "/lib/modules/uinput.ko.xz\n");

    EXPECT_THAT(machine_.faults(), ElementsAre("uinput-missing"));
    EXPECT_THAT(machine_.mend_of("uinput-missing"), HasSubstr("restart minikvm-modules.service"));
}

}  // namespace
}  // namespace minikvm
