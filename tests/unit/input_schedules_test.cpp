// SPDX-License-Identifier: MIT
// Random schedules of input and faults, from scheduler to target: nothing stays down, order holds.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/model_line.h"
#include "uinput-bridge/report_scheduler.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;
using sim::AnswerFault;
using sim::Ch9329Status;

using Keys = std::array<std::uint8_t, 7>;  // modifiers, six usages

Keys keys_of(const sim::KeyboardReport& report) {
    Keys keys{report.modifiers};
    std::ranges::copy(report.usages, keys.begin() + 1);
    return keys;
}

Keys keys_of(const hid::KeyboardReport& report) {
    Keys keys{report.modifiers};
    std::ranges::transform(report.keys, keys.begin() + 1,
                           [](hid::HidUsage usage) { return static_cast<std::uint8_t>(usage); });
    return keys;
}

// One random life of a target, told by its seed.
class Schedule {
public:
    explicit Schedule(unsigned seed) : random_(seed) {
        line_.start();
        line_.run_until_found();
        scheduler_.attach(line_);
        line_.run_for(100ms);
        line_.target.clear();
    }
    ~Schedule() { scheduler_.detach(); }
    Schedule(const Schedule&) = delete;
    Schedule& operator=(const Schedule&) = delete;

    void act() {
        switch (pick(10)) {
            case 0:
            case 1:
            case 2:
            case 3:
                stroke({TargetKey::Kind::Key, static_cast<std::uint8_t>(4 + pick(8))});
                break;
            case 4:
                stroke({TargetKey::Kind::Modifier, static_cast<std::uint8_t>(pick(8))});
                break;
            case 5:
                stroke({TargetKey::Kind::RelativeButton, static_cast<std::uint8_t>(pick(5))});
                break;
            case 6:
                stroke({TargetKey::Kind::AbsoluteButton, static_cast<std::uint8_t>(pick(5))});
                break;
            case 7:
                scheduler_.move_to({static_cast<std::uint16_t>(pick(4096)),
                                    static_cast<std::uint16_t>(pick(4096))});
                break;
            case 8: {
                const int x = static_cast<int>(pick(600)) - 300;
                moved_x_ += x;
                scheduler_.move_by(x, 0);
                break;
            }
            default:
                turned_ += 1;
                scheduler_.turn_wheel(1);
                break;
        }
        line_.run_for(std::chrono::microseconds(pick(8000)));
    }

    // What decision 6 says is repaired without anybody noticing.
    void add_harmless_fault() {
        constexpr std::array kKinds = {AnswerFault::Kind::Lost, AnswerFault::Kind::Late,
                                       AnswerFault::Kind::Doubled, AnswerFault::Kind::Refused};
        const AnswerFault::Kind kind = kKinds.at(pick(kKinds.size()));
        line_.chip().add_fault(
            {.kind = kind,
             .command = std::nullopt,
             .status = pick(2) == 0 ? Ch9329Status::BadChecksum : Ch9329Status::ByteTimeout,
             .delay = std::chrono::milliseconds(pick(400))});
    }

    void add_harsh_fault() {
        switch (pick(5)) {
            case 0:
                line_.target.go_absent();
                break;
            case 1:
                line_.target.come_back();
                break;
            case 2:
                line_.chip().set_def(line_.now(), sim::DefLevel::Low);
                line_.run_for(60ms);
                line_.chip().set_def(line_.now(), sim::DefLevel::High);
                break;
            case 3:
                line_.link().add_noise_to_bridge(line_.now(), noise());
                break;
            default:
                line_.link().add_noise_to_chip(line_.now(), noise());
                break;
        }
    }

    void let_go() {
        line_.target.come_back();
        line_.chip().clear_faults();
        for (const TargetKey key : down_) {
            scheduler_.stroke(key, Stroke::Release);
        }
        line_.run_for(20s);
    }

    std::vector<Keys> expected_keys() const { return expected_; }
    std::vector<Keys> received_keys() const {
        std::vector<Keys> received;
        for (const sim::KeyboardReport& report : line_.target.all<sim::KeyboardReport>()) {
            received.push_back(keys_of(report));
        }
        received.erase(std::unique(received.begin(), received.end()), received.end());
        return received;
    }
    int received_x() const {
        int sum = 0;
        for (const auto& report : line_.target.all<sim::RelativeMouseReport>()) {
            sum += report.dx;
        }
        return sum;
    }
    int received_wheel() const {
        int sum = 0;
        for (const auto& report : line_.target.all<sim::RelativeMouseReport>()) {
            sum += report.wheel;
        }
        return sum;
    }
    int moved_x() const { return moved_x_; }
    int turned() const { return turned_; }
    bool idle() const { return scheduler_.idle(); }
    // Faults can come so close together that no question gets an answer. What is held is then
    // released and pressed again, once the chip is found.
    bool chip_counted_as_gone() { return line_.engine().counters().errors > 0; }

    // Held at the target, whichever report says so.
    bool target_holds_anything() const {
        const auto keyboard = line_.target.all<sim::KeyboardReport>();
        const auto relative = line_.target.all<sim::RelativeMouseReport>();
        const auto absolute = line_.target.all<sim::AbsoluteMouseReport>();
        return (!keyboard.empty() && keys_of(keyboard.back()) != Keys{}) ||
               (!relative.empty() && relative.back().buttons != 0) ||
               (!absolute.empty() && absolute.back().buttons != 0);
    }

private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    std::vector<std::uint8_t> noise() {
        std::vector<std::uint8_t> bytes(1 + pick(12));
        std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random_()); });
        if (pick(2) == 0) {
            bytes.insert(bytes.begin(), {0x57, 0xAB});
        }
        return bytes;
    }

    void stroke(TargetKey key) {
        const auto found = std::ranges::find(down_, key);
        const Stroke stroke = found == down_.end() ? Stroke::Press : Stroke::Release;
        if (stroke == Stroke::Press) {
            down_.push_back(key);
        } else {
            down_.erase(found);
        }
        scheduler_.stroke(key, stroke);
        if (state_.apply(key, stroke) && report_kind(key) == ReportKind::Keyboard) {
            expected_.push_back(
                keys_of(std::get<hid::KeyboardReport>(state_.report(ReportKind::Keyboard))));
        }
    }

    std::mt19937 random_;
    ModelLine line_;
    ReportScheduler scheduler_;
    HidState state_;
    std::vector<TargetKey> down_;
    std::vector<Keys> expected_;
    int moved_x_ = 0;
    int turned_ = 0;
};

// MINIKVM_SCHEDULES=10000 for a long run, MINIKVM_SEED to see one again.
unsigned number_from(const char* variable, unsigned usual) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here writes the environment
    const char* const text = std::getenv(variable);
    return text == nullptr ? usual : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

enum class Outcome { Checked, ChipWasGone };

// Few lives may be left unchecked, so that the test does not come to check nothing.
template <typename Check>
void for_each_seed(Check check) {
    const unsigned first = number_from("MINIKVM_SEED", 1);
    const unsigned count = number_from("MINIKVM_SCHEDULES", 25);
    unsigned unchecked = 0;
    for (unsigned seed = first; seed < first + count && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(testing::Message() << "MINIKVM_SEED=" << seed << " MINIKVM_SCHEDULES=1");
        unchecked += check(seed) == Outcome::ChipWasGone ? 1 : 0;
    }
    EXPECT_LE(unchecked, 1 + count / 100);
    testing::Test::RecordProperty("unchecked", static_cast<int>(unchecked));
}

TEST(InputSchedules, KeepEveryStrokeInOrderWhenAnswersFail) {
    for_each_seed([](unsigned seed) {
        Schedule schedule(seed);
        for (int step = 0; step < 60; ++step) {
            if (step % 9 == 4) {
                schedule.add_harmless_fault();
            }
            schedule.act();
        }
        const std::vector<Keys> expected = schedule.expected_keys();
        schedule.let_go();
        if (schedule.chip_counted_as_gone()) {
            return Outcome::ChipWasGone;
        }

        std::vector<Keys> received = schedule.received_keys();
        EXPECT_GE(received.size(), expected.size());
        received.resize(expected.size());
        EXPECT_EQ(received, expected);
        return Outcome::Checked;
    });
}

TEST(InputSchedules, MoveAndTurnExactlyAsFarWhenAnswersFail) {
    for_each_seed([](unsigned seed) {
        Schedule schedule(seed);
        for (int step = 0; step < 60; ++step) {
            if (step % 9 == 4) {
                schedule.add_harmless_fault();
            }
            schedule.act();
        }
        schedule.let_go();

        EXPECT_EQ(schedule.received_x(), schedule.moved_x());
        EXPECT_EQ(schedule.received_wheel(), schedule.turned());
        return Outcome::Checked;
    });
}

TEST(InputSchedules, LeaveNothingPressedWhateverHappened) {
    for_each_seed([](unsigned seed) {
        Schedule schedule(seed);
        for (int step = 0; step < 60; ++step) {
            if (step % 9 == 4) {
                schedule.add_harsh_fault();
            }
            schedule.act();
        }
        schedule.let_go();

        EXPECT_TRUE(schedule.idle());
        EXPECT_FALSE(schedule.target_holds_anything());
        return Outcome::Checked;
    });
}

}  // namespace
}  // namespace minikvm
