// SPDX-License-Identifier: MIT
// A plugged device's traffic, with this test in vhci_hcd's place.

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <functional>
#include <initializer_list>

#include <gtest/gtest.h>

#include "sim/ms2109/descriptors.h"
#include "sim/usbip/link.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kEndpoint = 0x84;
constexpr std::uint32_t kLargeBytes = 512 * 1024;

// Stalls class requests, meets vendor requests with silence, answers URBs when it is told to.
class Probe final : public UsbDevice {
public:
    Probe() : UsbDevice(ms2109_descriptors(Ms2109Strings::Generic)) {}

    void answer_all() {
        for (Urb* urb = first_urb(kEndpoint); urb != nullptr; urb = first_urb(kEndpoint)) {
            urb->data.assign(urb->length_bytes, 0xAB);
            complete_first(kEndpoint);
        }
    }
    std::size_t waiting() const { return waiting_urbs(kEndpoint); }

protected:
    ControlReply control(const SetupPacket& setup, std::span<const std::uint8_t>) override {
        return setup.request_type == 0xC0 ? ControlReply::silence() : ControlReply::stall();
    }
};

Bytes words(std::initializer_list<std::uint32_t> values) {
    Bytes bytes;
    for (const std::uint32_t value : values) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }
    return bytes;
}

Bytes control_request(std::uint32_t id, std::uint32_t setup_first, std::uint32_t setup_last) {
    return words({1, id, 0, 1, 0, 0, 64, 0, 0, 0, setup_first, setup_last});
}

Bytes interrupt_urb(std::uint32_t id, std::uint32_t length_bytes) {
    return words({1, id, 0, 1, kEndpoint & 0x0FU, 0, length_bytes, 0, 0, 8, 0, 0});
}

Bytes unlink(std::uint32_t id, std::uint32_t unlinked) {
    return words({2, id, 0, 0, 0, unlinked, 0, 0, 0, 0, 0, 0});
}

struct Reply {
    std::uint32_t command = 0;
    std::uint32_t id = 0;
    int status = 0;
    std::uint32_t actual_bytes = 0;
};

std::uint32_t word_at(const Bytes& bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 |
           static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

class UsbipLinkTest : public testing::Test {
protected:
    UsbipLinkTest() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()),
                  0);
        kernel_.reset(ends[1]);
        link_ = UsbipLink::create(*loop_, UniqueFd(ends[0]), device_, [this] {
                    closed_ = true;
                }).value();
    }

    void send(const Bytes& bytes) {
        EXPECT_EQ(::send(kernel_.get(), bytes.data(), bytes.size(), 0),
                  static_cast<ssize_t>(bytes.size()));
    }

    struct Step {
        std::function<bool()> condition;
        std::function<void()> action;
    };

    // Runs the loop, reading what the kernel would, until the last step is done. Once a test,
    // since a loop that was stopped stays so.
    void run(std::vector<Step> steps) {
        Timer limit = loop_
                          ->timer([this](TimePoint) {
                              ADD_FAILURE() << "not within ten seconds";
                              loop_->stop();
                          })
                          .value();
        limit.arm_after(10s);
        std::size_t next = 0;
        Timer look;
        look = loop_
                   ->timer([&](TimePoint) {
                       if (reading_) {
                           read_replies();
                       }
                       while (next < steps.size() && steps[next].condition()) {
                           steps[next++].action();
                       }
                       if (next == steps.size()) {
                           loop_->stop();
                       } else {
                           look.arm_after(1ms);
                       }
                   })
                   .value();
        look.arm_after(0us);
        EXPECT_TRUE(loop_->run());
    }
    void run_until(std::function<bool()> condition) {
        run({{std::move(condition), [] {}}});
    }

    void hang_up_when_waiting() {
        run({{[this] { return device_.waiting() == 1; }, [this] { link_->hang_up(); }},
             {[this] { return hung_up_ && closed_; }, [] {}}});
    }

    void read_replies() {
        std::array<std::uint8_t, 65536> buffer{};
        const ssize_t count = ::recv(kernel_.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) {
            received_.insert(received_.end(), buffer.begin(), buffer.begin() + count);
        }
        hung_up_ = hung_up_ || count == 0;
    }

    Reply reply(std::size_t at = 0) const {
        return {word_at(received_, at), word_at(received_, at + 4),
                static_cast<int>(word_at(received_, at + 20)), word_at(received_, at + 24)};
    }
    bool has(std::size_t bytes) const { return received_.size() >= bytes; }

    std::unique_ptr<EventLoop> loop_ = EventLoop::create().value();
    Probe device_;
    UniqueFd kernel_;
    std::unique_ptr<UsbipLink> link_;
    Bytes received_;
    bool reading_ = true;
    bool closed_ = false;
    bool hung_up_ = false;
};

TEST_F(UsbipLinkTest, AnswersARequestWithItsData) {
    send(control_request(7, 0x80060001, 0x00001200));  // GET_DESCRIPTOR device, 18 bytes
    run_until([this] { return has(48 + 18); });

    EXPECT_EQ(reply().command, 3U);
    EXPECT_EQ(reply().id, 7U);
    EXPECT_EQ(reply().actual_bytes, 18U);
    EXPECT_EQ(received_[48], 18);
}

TEST_F(UsbipLinkTest, StallsWhatTheDeviceDoesNotHave) {
    send(control_request(7, 0xA1010000, 0x00000800));
    run_until([this] { return has(48); });

    EXPECT_EQ(reply().status, -EPIPE);
}

TEST_F(UsbipLinkTest, PutsACommandTogetherThatCameInPieces) {
    const Bytes request = control_request(7, 0x80060001, 0x00001200);
    send({request.begin(), request.begin() + 20});
    int looks = 0;
    run({{[&looks] { return ++looks == 5; },
          [&] {
              send({request.begin() + 20, request.end()});
          }},
         {[this] { return has(48 + 18); }, [] {}}});

    EXPECT_EQ(reply().id, 7U);
}

TEST_F(UsbipLinkTest, SaysThatAnUnlinkedUrbWasStillWaiting) {
    send(interrupt_urb(7, 4));
    send(unlink(8, 7));
    run_until([this] { return has(48); });

    EXPECT_EQ(reply().command, 4U);
    EXPECT_EQ(reply().id, 8U);
    EXPECT_EQ(reply().status, -ECONNRESET);
}

TEST_F(UsbipLinkTest, SaysThatAnUnlinkedUrbWasDoneAlready) {
    send(unlink(8, 7));
    run_until([this] { return has(48); });

    EXPECT_EQ(reply().status, 0);
}

TEST_F(UsbipLinkTest, LeavesUrbsToTheKernelWhenItHangsUp) {
    send(interrupt_urb(7, 4));

    hang_up_when_waiting();

    EXPECT_FALSE(has(1));
    EXPECT_FALSE(device_.plugged());
}

TEST_F(UsbipLinkTest, AnswersARequestThatMetSilenceWhenItHangsUp) {
    send(control_request(7, 0xC0010000, 0x00000200));
    send(interrupt_urb(8, 4));

    hang_up_when_waiting();

    EXPECT_EQ(reply().id, 7U);
    EXPECT_EQ(reply().status, -EPROTO);
}

TEST_F(UsbipLinkTest, AnswersARequestThatWasOnItsWayWhenItHangsUp) {
    send(control_request(7, 0x80060001, 0x00001200));

    link_->hang_up();
    run_until([this] { return hung_up_ && closed_; });

    EXPECT_EQ(reply().id, 7U);
    EXPECT_EQ(reply().status, -EPROTO);
}

TEST_F(UsbipLinkTest, TellsWhenTheKernelLetsGo) {
    kernel_.reset();
    reading_ = false;
    run_until([this] { return closed_; });

    EXPECT_FALSE(device_.plugged());
}

TEST_F(UsbipLinkTest, LetsGoOfAKernelThatSpeaksAnotherProtocol) {
    send(Bytes(48, 0xFF));
    run_until([this] { return closed_ && hung_up_; });

    EXPECT_FALSE(device_.plugged());
}

TEST_F(UsbipLinkTest, IsNotHeldUpByAKernelThatDoesNotRead) {
    reading_ = false;
    for (std::uint32_t id = 1; id <= 8; ++id) {
        send(interrupt_urb(id, kLargeBytes));
    }

    run({{[this] { return device_.waiting() == 8; },
          [this] {
              device_.answer_all();
              reading_ = true;
          }},
         {[this] { return has(8 * (48 + kLargeBytes)); }, [] {}}});

    EXPECT_EQ(reply(7 * (48 + kLargeBytes)).id, 8U);
}

}  // namespace
}  // namespace minikvm::sim
