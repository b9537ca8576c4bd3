// SPDX-License-Identifier: MIT
// The simulated serial half in real time: over the CH340's endpoints, over a pseudo terminal.

#include <fcntl.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/event_loop.h"
#include "sim/serial/ch340_descriptors.h"
#include "sim/serial/ch340_device.h"
#include "sim/serial/pty_line.h"
#include "sim/serial/serial_commands.h"
#include "tests/fakes/sim_serial_bench.h"

namespace minikvm::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;

constexpr std::uint8_t kOut = 0x40;
constexpr std::uint8_t kIn = 0xC0;

constexpr std::size_t kAckBytes = 7;

/// A loop that runs once, until it is stopped; it gives up after five seconds.
struct Patience {
    Patience() : loop(std::move(*EventLoop::create())) {
        end = std::move(*loop->timer([this](TimePoint) {
            ADD_FAILURE() << "nothing came";
            loop->stop();
        }));
    }

    void wait() {
        end.arm_after(5s);
        ASSERT_TRUE(loop->run());
    }

    std::unique_ptr<EventLoop> loop;
    Timer end;
};

/// A bus that keeps what is completed, telling of it after the device's turn.
class RecordingBus final : public UsbBus {
public:
    explicit RecordingBus(EventLoop& loop) : loop_(loop) {}

    void complete(const Urb& urb, UrbStatus /*status*/) override {
        if (urb.endpoint == kCh340BulkOut) {
            ++sent;
        } else if (urb.endpoint == kCh340BulkIn) {
            received.insert(received.end(), urb.data.begin(), urb.data.end());
        } else {
            interrupts.push_back(text_of(urb.data));
        }
        if (on_completion) {
            loop_.post(on_completion);
        }
    }

    std::function<void()> on_completion;
    std::size_t sent = 0;
    std::vector<std::uint8_t> received;
    std::vector<std::string> interrupts;

private:
    EventLoop& loop_;
};

struct Bridge {
    explicit Bridge(const SerialOptions& options = {}, const Ch340Options& bridge_options = {})
        : bus(*patience.loop),
          half(std::move(*SerialHalf::create(*patience.loop, options))),
          device(std::move(*Ch340Device::create(*half, bridge_options))) {
        plug();
    }
    Bridge(const Bridge&) = delete;
    Bridge& operator=(const Bridge&) = delete;
    ~Bridge() {
        bus.on_completion = nullptr;
        if (device->plugged()) {
            device->pull();
        }
    }

    void plug() {
        device->plug(bus);
        request(kOut, 0x9A, 0x1312, 0xCC83);
    }

    ControlReply request(std::uint8_t type, std::uint8_t number, std::uint16_t value,
                         std::uint16_t index = 0, std::uint16_t length = 0) const {
        return device->request({type, number, value, index, length}, {});
    }

    void submit(std::uint8_t endpoint, const std::string& text = "") const {
        Urb urb;
        urb.endpoint = endpoint;
        urb.length_bytes = 32;
        urb.data = bytes_of(text);
        device->submit(std::move(urb));
    }

    /// Runs until `count` bytes have come back, however many transfers that takes.
    void receive(std::size_t count) {
        bus.on_completion = [this, count] {
            if (bus.received.size() >= count) {
                patience.loop->stop();
            } else if (bus.received.size() > received_before) {
                received_before = bus.received.size();
                submit(kCh340BulkIn);
            }
        };
        submit(kCh340BulkIn);
        patience.wait();
    }

    std::string answer_to(const std::string& text) {
        submit(kCh340BulkOut, text);
        receive(kAckBytes);
        return text_of(bus.received);
    }

    Patience patience;
    RecordingBus bus;
    std::size_t received_before = 0;
    std::unique_ptr<SerialHalf> half;
    std::unique_ptr<Ch340Device> device;
};

TEST(SimCh340, AnswersWhatTheDriverAsksAtProbe) {
    const Bridge bridge;

    EXPECT_THAT(bridge.request(kIn, 0x5F, 0, 0, 2).data, ElementsAre(0x31, 0x00));
    EXPECT_EQ(bridge.request(kOut, 0xA1, 0).kind, ControlReply::Kind::Answer);
    EXPECT_EQ(bridge.request(kOut, 0x9A, 0x2518, 0x00C3).kind, ControlReply::Kind::Answer);
    EXPECT_EQ(bridge.request(kIn, 0x95, 0x0005, 0, 2).data.size(), 2U);
    EXPECT_THAT(bridge.request(kIn, 0x95, 0x0706, 0, 2).data, ElementsAre(0x9F, 0xEE));
}

TEST(SimCh340, StallsOnItsBreakRegisterWhenItHasNoBreak) {
    Ch340Options options;
    options.has_break = false;
    const Bridge bridge({}, options);

    EXPECT_EQ(bridge.request(kIn, 0x95, 0x0005, 0, 2).kind, ControlReply::Kind::Stall);
}

TEST(SimCh340, StallsOnUnknownRequests) {
    const Bridge bridge;

    EXPECT_EQ(bridge.request(kOut, 0x77, 0).kind, ControlReply::Kind::Stall);
}

TEST(SimCh340, CarriesACommandToTheChip) {
    Bridge bridge;

    EXPECT_EQ(bridge.answer_to(kKeyADown), kKeyboardAck);
    EXPECT_EQ(bridge.half->target().held_keys().usages[0], 0x04);
}

TEST(SimCh340, IsNoFasterThanTheLine) {
    Bridge bridge;
    const TimePoint start = Clock::now();

    bridge.answer_to(kKeyADown);

    // 21 bytes at the divisor's 115385 Bd.
    EXPECT_THAT(Clock::now() - start, Ge(line_time(14, 115385) + line_time(7, 115200)));
}

TEST(SimCh340, TakesNoMoreThanItsBufferHolds) {
    Bridge bridge;
    const std::string packet = kKeyADown + " " + kReleaseAll + " 00 00 00 00";
    for (int i = 0; i < 10; ++i) {
        bridge.submit(kCh340BulkOut, packet);
    }

    EXPECT_EQ(bridge.bus.sent, 2U);
    bridge.receive(20 * kAckBytes);
    EXPECT_EQ(bridge.bus.sent, 10U);
}

TEST(SimCh340, TellsTheStickWhenDtrMoves) {
    const Bridge bridge;
    std::vector<ModemLevel> levels;
    bridge.device->on_dtr([&levels](ModemLevel level) { levels.push_back(level); });

    bridge.request(kOut, 0xA4, 0xFF9F);
    bridge.request(kOut, 0xA4, 0xFFFF);

    EXPECT_THAT(levels, ElementsAre(ModemLevel::Asserted, ModemLevel::Released));
}

TEST(SimCh340, ReleasesItsLinesWhenPulled) {
    const Bridge bridge;
    bridge.request(kOut, 0xA4, 0xFF9F);

    bridge.device->pull();

    EXPECT_EQ(bridge.device->dtr(), ModemLevel::Released);
    EXPECT_EQ(bridge.device->rts(), ModemLevel::Released);
}

TEST(SimCh340, LeavesKeysHeldWhenPulled) {
    Bridge bridge;
    bridge.answer_to(kKeyADown);

    bridge.device->pull();
    bridge.plug();

    EXPECT_EQ(bridge.half->target().held_keys().usages[0], 0x04);
}

TEST(SimCh340, KeepsItsInterruptEndpointSilent) {
    Bridge bridge;
    bridge.submit(kCh340InterruptIn);

    bridge.answer_to(kKeyADown);

    EXPECT_TRUE(bridge.bus.interrupts.empty());
}

TEST(SimCh340, FlipsCtsWithEachReportWhenToldTo) {
    Ch340Options options;
    options.cts_flips = true;
    Bridge bridge({}, options);
    bridge.submit(kCh340InterruptIn);

    bridge.answer_to(kKeyADown);

    EXPECT_THAT(bridge.bus.interrupts, ElementsAre("08 79 9E EE"));
}

TEST(SimSerialCommand, MakesTheTargetGoAway) {
    const Bridge bridge;
    const std::vector<std::string> words = {"target", "absent"};

    EXPECT_EQ(*run_serial_command(*bridge.half, words).value(), "ok");

    EXPECT_EQ(bridge.half->target().state(), TargetState::Absent);
}

TEST(SimSerialCommand, SetsLeds) {
    const Bridge bridge;
    const std::vector<std::string> words = {"leds", "num,caps"};

    EXPECT_EQ(*run_serial_command(*bridge.half, words).value(), "ok");

    EXPECT_EQ(bridge.half->target().leds(), kLedNum | kLedCaps);
}

TEST(SimSerialCommand, AddsAFault) {
    Bridge bridge;
    const std::vector<std::string> words = {"fault", "refused", "1", "0x02"};

    EXPECT_EQ(*run_serial_command(*bridge.half, words).value(), "ok");

    EXPECT_EQ(bridge.answer_to(kKeyADown), frame(0xC2, "E6"));
}

TEST(SimSerialCommand, LeavesOtherWordsToOthers) {
    const Bridge bridge;
    const std::vector<std::string> words = {"slide", "target"};

    EXPECT_FALSE(run_serial_command(*bridge.half, words));
}

class SimSerialCommandWords : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(SimSerialCommandWords, AreRefusedWithTheRightOnes) {
    const Bridge bridge;

    const auto answer = run_serial_command(*bridge.half, GetParam());

    ASSERT_TRUE(answer.has_value());
    ASSERT_FALSE(*answer);
    EXPECT_EQ(answer->error().code, std::errc::invalid_argument);
    EXPECT_THAT(answer->error().context, HasSubstr("is not one of"));
}

using Words = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Wrong, SimSerialCommandWords,
    ::testing::Values(Words{"target", "asleep"}, Words{"leds"}, Words{"leds", "kana"},
                      Words{"leds", "num,"}, Words{"fault"}, Words{"fault", "lost"},
                      Words{"fault", "lost", "x"}, Words{"fault", "late", "1"},
                      Words{"fault", "lost", "1", "0x40"}, Words{"noise"},
                      Words{"noise", "chip", "1FF"}, Words{"chip", "colour", "red"},
                      Words{"chip", "absent-answer", "no"}, Words{"chip", "def-reset-ms", "-1"},
                      Words{"chip", "def-restores-factory", "yes"}));

TEST(SimTargetFile, GrowsByOneLineAReport) {
    const std::string path = ::testing::TempDir() + "minikvm-recorder.jsonl";
    ::unlink(path.c_str());
    SerialOptions options;
    options.recorder_path = path;
    Bridge bridge(options);
    bridge.submit(kCh340BulkOut, kKeyADown);
    bridge.submit(kCh340BulkOut, kReleaseAll);
    bridge.receive(2 * kAckBytes);

    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_THAT(text, HasSubstr("\"keys\":[4]}\n"));
    ::unlink(path.c_str());
}

TEST(SimTargetFile, ThatCannotBeMadeIsNamed) {
    const Patience patience;
    SerialOptions options;
    options.recorder_path = "/nonexistent/recorder.jsonl";

    const auto half = SerialHalf::create(*patience.loop, options);

    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().context, "open /nonexistent/recorder.jsonl");
}

struct Terminal {
    explicit Terminal(const SerialOptions& options = {})
        : half(std::move(*SerialHalf::create(*patience.loop, options))),
          line(std::move(*PtyLine::create(*patience.loop, *half))),
          tty(::open(line->node().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
        readable =
            std::move(*patience.loop->watch(tty.get(), EPOLLIN, [this](std::uint32_t) { read(); }));
    }

    void set_speed(speed_t speed) const {
        termios settings{};
        ASSERT_EQ(::tcgetattr(tty.get(), &settings), 0);
        ::cfsetspeed(&settings, speed);
        ASSERT_EQ(::tcsetattr(tty.get(), TCSANOW, &settings), 0);
    }

    void read() {
        std::array<std::uint8_t, 64> bytes{};
        const ssize_t count = ::read(tty.get(), bytes.data(), bytes.size());
        received.insert(received.end(), bytes.begin(), bytes.begin() + count);
        if (received.size() >= kAckBytes) {
            patience.loop->stop();
        }
    }

    std::string answer_to(const std::string& text) {
        const auto bytes = bytes_of(text);
        EXPECT_EQ(::write(tty.get(), bytes.data(), bytes.size()), std::ssize(bytes));
        patience.wait();
        return text_of(received);
    }

    Patience patience;
    std::unique_ptr<SerialHalf> half;
    std::unique_ptr<PtyLine> line;
    UniqueFd tty;
    Watch readable;
    std::vector<std::uint8_t> received;
};

TEST(SimPtyLine, OffersTheChip) {
    Terminal terminal;

    EXPECT_EQ(terminal.answer_to(kKeyADown), kKeyboardAck);
}

TEST(SimPtyLine, SpeaksAtTheSpeedOfItsNode) {
    SerialOptions options;
    options.chip.initial = InitialConfiguration::Factory;
    Terminal terminal(options);

    terminal.set_speed(B9600);

    EXPECT_EQ(terminal.answer_to(kKeyADown), kKeyboardAck);
}

}  // namespace
}  // namespace minikvm::sim
