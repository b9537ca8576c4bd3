// SPDX-License-Identifier: MIT
// bench_input: one way of sending, one line, one load; what it did as one JSON object.

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "clients/ctl/typing.h"
#include "common/log.h"
#include "tests/bench/input_load.h"
#include "tests/bench/sender.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using namespace std::chrono_literals;

enum class Kind { Scheduled, Fifo, StopAndWait, FixedGap };
enum class Load { Idle, Flood, Motion, Text };

struct Options {
    Kind sender = Kind::Scheduled;
    Load load = Load::Idle;
    unsigned speed_bd = 115200;
    unsigned answer_delay_us = 0;
    unsigned seconds = 5;
    unsigned key_interval_ms = 10;
    unsigned characters = 10000;
    unsigned patience_s = 5;  // for what is still on its way when the load is over
    bool real_time = false;   // the sender too comes before ordinary threads
};

// Longer than any frame with its answer takes, and GET_INFO between them.
constexpr std::chrono::milliseconds kQuiet{300};

class Run final {
public:
    explicit Run(const Options& options) : options_(options) {}

    Result<nlohmann::json> go() {
        interruption_.emplace(MINIKVM_TRY(Interruption::create()));
        chip_ = MINIKVM_TRY(ChipOnPty::create(
            {options_.speed_bd, std::chrono::microseconds(options_.answer_delay_us)}));
        loop_ = MINIKVM_TRY(EventLoop::create());
        port_.emplace(MINIKVM_TRY(SerialPort::open(chip_->node())));
        MINIKVM_TRY(port_->set_speed(static_cast<int>(options_.speed_bd)));
        MINIKVM_TRY(make_sender());
        look_ = MINIKVM_TRY(loop_->timer([this](TimePoint) { begin_when_idle(); }));
        look_.arm_after(5ms);
        if (options_.real_time && !become_punctual(Importance::Measured)) {
            return errno_error("get real-time priority");
        }
        MINIKVM_TRY(loop_->run());
        program_.join();
        if (!typed_) {
            return tl::unexpected<Error>(std::move(typed_.error()));
        }
        return story();
    }

private:
    Result<void> make_sender() {
        const EventPipes pipes{keyboard_.read_end.get(), mouse_.read_end.get()};
        if (options_.sender == Kind::Scheduled) {
            sender_ = MINIKVM_TRY(make_scheduled_sender(*loop_, *port_, pipes, socket()));
            return {};
        }
        const std::map<Kind, Patience> patience = {{Kind::Fifo, Patience::None},
                                                   {Kind::StopAndWait, Patience::Answer},
                                                   {Kind::FixedGap, Patience::FixedGap}};
        sender_ =
            MINIKVM_TRY(make_queue_sender(*loop_, *port_, pipes, patience.at(options_.sender)));
        return {};
    }

    std::string socket() const { return directory_.path() + "/input"; }

    void begin_when_idle() {
        if (!sender_->idle()) {
            look_.arm_after(5ms);
            return;
        }
        before_ = chip_->arrivals();
        used_before_ = used();
        program_ = std::thread([this] {
            use();
            loop_->post([this] { used_after_ = used(); });
            loop_->stop();
        });
    }

    // The program that uses the sender.
    void use() {
        punctual_ = become_punctual(Importance::Measures);
        if (options_.load == Load::Text) {
            type();
        } else {
            const bool keys = options_.load != Load::Motion;
            const bool moves = options_.load != Load::Idle;
            played_ = play({.duration = std::chrono::seconds(options_.seconds),
                            .key_interval = options_.key_interval_ms * (keys ? 1ms : 0ms),
                            .move_interval = moves ? 1ms : 0ms},
                           keyboard_.write_end.get(), mouse_.write_end.get());
        }
        await_quiet();
    }

    void type() {
        codes_ = letters(options_.characters);
        if (options_.sender != Kind::Scheduled) {
            played_ = type_letters(codes_, keyboard_.write_end.get());
            return;
        }
        played_.begin = Clock::now();
        typed_ = type_over_socket();
    }

    // As minikvmctl type does.
    Result<void> type_over_socket() {
        InputClient client = MINIKVM_TRY(InputClient::connect(socket(), InputPointer::Relative));
        std::vector<InputStep> steps;
        for (const std::uint16_t code : codes_) {
            add_chord(steps.emplace_back(), {code});
        }
        MINIKVM_TRY(type_steps(client, *interruption_, steps, {}));
        return {};
    }

    void await_quiet() {
        const bool text = options_.load == Load::Text;
        const TimePoint limit =
            Clock::now() + (text ? 600s : std::chrono::seconds(options_.patience_s));
        TimePoint news = Clock::now();
        std::size_t seen = chip_->arrivals();
        while (Clock::now() < limit && Clock::now() - news < kQuiet) {
            // How soon quiet is seen changes no figure, and looking all the time would.
            std::this_thread::sleep_for(5ms);
            if (const std::size_t now = chip_->arrivals(); now != seen) {
                seen = now;
                news = Clock::now();
            }
        }
        end_ = Clock::now();
    }

    // What the sender's thread has used of the processor.
    static double used() {
        rusage usage{};
        ::getrusage(RUSAGE_THREAD, &usage);
        const auto seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
        const auto microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
        return static_cast<double>(seconds) * 1e6 + static_cast<double>(microseconds);
    }

    nlohmann::json story() {
        sender_.reset();
        const std::vector<Arrival> all = chip_->stop();
        const auto arrivals = std::span(all).subspan(before_);
        nlohmann::json story = {{"punctual", punctual_},
                                {"reports", arrivals.size()},
                                {"lost_commands", chip_->lost_commands()},
                                {"cpu_us_per_report", (used_after_ - used_before_) /
                                                          static_cast<double>(std::max<std::size_t>(
                                                              arrivals.size(), 1))}};
        if (options_.load == Load::Text) {
            tell_text(arrivals, story);
        } else {
            tell_strokes(arrivals, story);
            tell_motion(arrivals, story);
        }
        return story;
    }

    void tell_text(std::span<const Arrival> arrivals, nlohmann::json& story) const {
        std::vector<std::uint8_t> wanted;
        for (const std::uint16_t code : codes_) {
            wanted.push_back(static_cast<std::uint8_t>(usage_of(code)));
        }
        const double seconds =
            arrivals.empty()
                ? 0
                : std::chrono::duration<double>(arrivals.back().taken - played_.begin).count();
        story["characters"] = wanted.size();
        story["seconds"] = seconds;
        story["errors"] = differences(wanted, pressed_usages(arrivals));
    }

    void tell_strokes(std::span<const Arrival> arrivals, nlohmann::json& story) const {
        const Latencies latencies = latencies_of(played_.strokes, arrivals, end_);
        story["latencies_ms"] = latencies.milliseconds;
        story["lost"] = latencies.lost;
        story["unfinished"] = latencies.unfinished;
    }

    // Motion while the program moved, without its first and its last half second.
    void tell_motion(std::span<const Arrival> arrivals, nlohmann::json& story) const {
        std::size_t reports = 0;
        long x = 0;
        for (const Arrival& arrival : arrivals) {
            if (const auto* motion = std::get_if<sim::RelativeMouseReport>(&arrival.report)) {
                x += motion->dx;
                const bool inside =
                    arrival.taken > played_.begin + 500ms && arrival.taken <= played_.end - 500ms;
                reports += inside ? 1 : 0;
            }
        }
        const double seconds = std::chrono::duration<double>(played_.end - played_.begin).count();
        story["motion_per_s"] = static_cast<double>(reports) / (seconds - 1);
        story["moved"] = x;
        story["moves_wanted"] = static_cast<long>(played_.moves) * kMoveX;
    }

    Options options_;
    std::optional<Interruption> interruption_;
    TemporaryDirectory directory_;
    EventPipe keyboard_ = EventPipe::make();
    EventPipe mouse_ = EventPipe::make();
    std::unique_ptr<ChipOnPty> chip_;
    std::unique_ptr<EventLoop> loop_;
    std::optional<SerialPort> port_;
    std::unique_ptr<Sender> sender_;
    Timer look_;
    std::thread program_;

    std::vector<std::uint16_t> codes_;
    Played played_;
    TimePoint end_;
    Result<void> typed_;
    bool punctual_ = false;
    std::size_t before_ = 0;
    double used_before_ = 0;
    double used_after_ = 0;
};

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Measures one way of sending to a CH9329.", "bench_input"};
    const std::map<std::string, Kind> senders = {{"minikvm", Kind::Scheduled},
                                                 {"fifo", Kind::Fifo},
                                                 {"stop-and-wait", Kind::StopAndWait},
                                                 {"fixed-gap", Kind::FixedGap}};
    const std::map<std::string, Load> loads = {{"idle", Load::Idle},
                                               {"flood", Load::Flood},
                                               {"motion", Load::Motion},
                                               {"text", Load::Text}};
    app.add_option("--sender", options.sender)->transform(CLI::CheckedTransformer(senders));
    app.add_option("--load", options.load)->transform(CLI::CheckedTransformer(loads));
    app.add_option("--speed", options.speed_bd)->check(CLI::IsMember({9600, 115200}));
    app.add_option("--answer-delay-us", options.answer_delay_us);
    app.add_option("--seconds", options.seconds)->check(CLI::Range(2, 600));
    app.add_option("--key-interval-ms", options.key_interval_ms)->check(CLI::Range(1, 1000));
    app.add_option("--characters", options.characters);
    app.add_option("--patience", options.patience_s);
    app.add_flag("--real-time", options.real_time);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    const auto story = Run(options).go();
    if (!story) {
        log::error("{}", story.error().message());
        return 1;
    }
    std::cout << story->dump() << '\n';
    return 0;
}

}  // namespace
}  // namespace minikvm

int main(int argc, char** argv) {
    try {
        return minikvm::run(argc, argv);
    } catch (const std::exception& error) {
        minikvm::log::error("bug: {}", error.what());
        return 1;
    }
}
