// SPDX-License-Identifier: MIT
// Our own path, as minikvmd puts it together, with pipes for the sink's event nodes.

#include <sys/epoll.h>

#include "device/ch9329_chip.h"
#include "tests/bench/sender.h"
#include "uinput-bridge/event_translator.h"
#include "uinput-bridge/input_server.h"
#include "uinput-bridge/key_leases.h"
#include "uinput-bridge/report_scheduler.h"
#include "uinput-bridge/sink_layout.h"

namespace minikvm {
namespace {

class ScheduledSender final : public Sender {
public:
    ScheduledSender() = default;
    ScheduledSender(const ScheduledSender&) = delete;
    ScheduledSender& operator=(const ScheduledSender&) = delete;

    Result<void> start(EventLoop& loop, SerialPort& port, const EventPipes& pipes,
                       const std::string& socket) {
        chip_ = MINIKVM_TRY(Ch9329Chip::create(
            loop, port, {}, {.on_found = {}, .on_information = {}, .on_lost = {}}));
        keyboard_watch_ = MINIKVM_TRY(loop.watch(
            pipes.keyboard, EPOLLIN, [this, pipes](auto) { take_all(pipes.keyboard, keyboard_); }));
        mouse_watch_ = MINIKVM_TRY(loop.watch(
            pipes.mouse, EPOLLIN, [this, pipes](auto) { take_all(pipes.mouse, mouse_); }));
        if (!socket.empty()) {
            server_ = MINIKVM_TRY(
                InputServer::create(loop, leases_, scheduler_, {socket, "bench"}, [] {}));
            server_->set_target(InputTarget::Present, {});
            scheduler_.on_settled([this](const Settlement& done) { server_->settled(done); });
        }
        scheduler_.attach(*chip_);
        return {};
    }
    ~ScheduledSender() override {
        scheduler_.on_settled({});
        scheduler_.detach();
    }

    bool idle() const override { return chip_->information() && scheduler_.idle(); }

private:
    static void take_all(int pipe, EventTranslator& translator) {
        read_events(pipe, [&translator](const input_event& event) {
            translator.take(event.type, event.code, event.value);
        });
    }

    KeyLeases leases_;
    ReportScheduler scheduler_;
    EventTranslator keyboard_{leases_.add_source(keyboard_key), leases_, scheduler_};
    EventTranslator mouse_{leases_.add_source(mouse_button), leases_, scheduler_};
    std::unique_ptr<Ch9329Chip> chip_;
    std::unique_ptr<InputServer> server_;
    Watch keyboard_watch_;
    Watch mouse_watch_;
};

}  // namespace

Result<std::unique_ptr<Sender>> make_scheduled_sender(EventLoop& loop, SerialPort& port,
                                                      const EventPipes& pipes,
                                                      const std::string& socket) {
    auto sender = std::make_unique<ScheduledSender>();
    MINIKVM_TRY(sender->start(loop, port, pipes, socket));
    return std::unique_ptr<Sender>(std::move(sender));
}

}  // namespace minikvm
