// SPDX-License-Identifier: MIT
// StickSink: the stick's virtual keyboard, mouse and tablet, with what clients ask of them.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/event_loop.h"
#include "common/result.h"
#include "configuration/configuration.h"
#include "control/attribute_tree.h"
#include "daemon/reply_deadline.h"
#include "device/input_chip.h"
#include "uinput-bridge/input_bridge.h"

namespace minikvm {

/// Shape:   make() makes the devices, which stay until destruction, while chips that take their
///          reports come and go by use(). What is set below input/ is carried out here.
/// Errors:  without devices problem() says why, and everything else does nothing or says so.
/// Thread:  the thread that made it.
class StickSink final {
public:
    struct Callbacks {
        std::function<void()> on_change;
        std::function<bool()> line_works;  // whether the chip answers now
    };

    /// `loop`, `tree` and what the callbacks refer to must outlive it; `replies` is used only by
    /// what clients ask.
    static Result<std::unique_ptr<StickSink>> create(EventLoop& loop, AttributeTree& tree,
                                                     ReplyDeadline& replies, InputOptions options,
                                                     Callbacks callbacks);
    StickSink(const StickSink&) = delete;
    StickSink& operator=(const StickSink&) = delete;
    ~StickSink();

    void make();
    void configure(const InputConfiguration& configuration);

    bool exists() const { return bridge_ != nullptr; }
    const std::string& problem() const { return problem_; }
    InputNodes nodes() const { return bridge_ ? bridge_->nodes() : InputNodes{}; }
    std::size_t clients() const { return bridge_ ? bridge_->clients() : 0; }

    /// Where reports go; nullptr for nowhere. Nowhere, too, between sleep() and wake().
    void use(HidSink* chip);

    /// What the input chip says of the target; nullptr without a chip.
    void see(const InputChip* chip);

    /// What `on_change` tells of; counters are for when somebody looks, since latencies get sorted.
    void publish();
    void publish_counters();

    /// The chip confirms within milliseconds; one that does not must not hold up a shutdown.
    static constexpr std::chrono::milliseconds kLongestRelease{500};

    /// Lifts all keys and buttons at the target. `done` is called once the chip has confirmed it,
    /// cannot, or has not for kLongestRelease; perhaps before release() returns.
    void release(std::function<void()> done);

    /// `ready` is called as release()'s `done` is.
    void sleep(std::function<void()> ready);
    void wake();

private:
    StickSink(EventLoop& loop, AttributeTree& tree, ReplyDeadline& replies, InputOptions options,
              Callbacks callbacks);

    void take_sets();
    void set_release_all(const AttributeTree::Reply& reply);
    void set_jiggler(const std::string& value, const AttributeTree::Reply& reply);
    void apply();
    void lend();
    bool released() const;
    void answer_released(TimePoint now);

    EventLoop& loop_;
    AttributeTree& tree_;
    ReplyDeadline& replies_;
    const InputOptions options_;
    Callbacks callbacks_;
    InputConfiguration configuration_;
    std::optional<std::chrono::seconds> jiggler_;  // what is set now, first by the configuration
    std::string problem_;
    HidSink* chip_ = nullptr;  // lent to the bridge while awake
    bool asleep_ = false;
    std::unique_ptr<InputBridge> bridge_;
    std::vector<std::function<void()>> wait_for_release_;
    TimePoint release_deadline_;
    Timer release_timer_;
};

}  // namespace minikvm
