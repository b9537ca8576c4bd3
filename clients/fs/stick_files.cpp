// SPDX-License-Identifier: MIT
// Files over two connections: one asks, the other hears of changes.

#include "clients/fs/stick_files.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "protocol/errors.h"

namespace minikvm {
namespace {

// A daemon that was restarted is back by then.
constexpr std::chrono::seconds kLookAgain{1};

bool connection_is_lost(const Error& error) {
    return error.code == std::errc::connection_reset || error.code == std::errc::broken_pipe ||
           error.code == std::errc::timed_out;
}

Result<ControlClient> connect(const std::string& socket) {
    Result<ControlClient> client = ControlClient::connect(socket);
    const bool nobody = !client && (client.error().code == std::errc::no_such_file_or_directory ||
                                    client.error().code == std::errc::connection_refused);
    if (nobody) {
        return errno_error(-ENODEV, "no daemon answers at " + socket);
    }
    return client;
}

}  // namespace

Result<std::unique_ptr<StickFiles>> StickFiles::create(std::string socket) {
    ControlClient client = MINIKVM_TRY(connect(socket));
    const ControlReply attributes = MINIKVM_TRY(client.ask({ControlVerb::List, {}, {}}));
    return std::unique_ptr<StickFiles>(
        new StickFiles(std::move(socket), AttributeFiles(attributes.items), std::move(client)));
}

Result<void> StickFiles::follow(EventLoop& loop, ChangeCallback on_change) {
    loop_ = &loop;
    on_change_ = std::move(on_change);
    watch_again_ = MINIKVM_TRY(loop.timer([this](auto) {
        if (!watch_all()) {
            lose_watch();
        }
    }));
    return watch_all();
}

Result<void> StickFiles::watch_all() {
    watcher_ = MINIKVM_TRY(connect(socket_));
    MINIKVM_TRY(watcher_->ask({ControlVerb::Watch, files_.top_names(), {}}));
    watch_ = MINIKVM_TRY(loop_->watch(watcher_->fd(), EPOLLIN, [this](auto) { hear_changes(); }));
    return take_changes();  // what came along with the answer
}

void StickFiles::hear_changes() {
    Result<void> heard = watcher_->receive();
    if (heard) {
        heard = take_changes();
    }
    if (!heard) {
        lose_watch();
    }
}

Result<void> StickFiles::take_changes() {
    while (const std::optional<ControlAnswer> change = MINIKVM_TRY(watcher_->take_change())) {
        tell(change->name);
    }
    return {};
}

// Whatever changes until the watch is back goes unheard, so all may have.
void StickFiles::lose_watch() {
    watch_ = Watch();
    watcher_.reset();
    watch_again_.arm_after(kLookAgain);
    files_.all_changed();
    for (const auto& [number, opening] : openings_) {
        on_change_(number);
    }
}

void StickFiles::tell(std::string_view attribute) {
    if (!files_.changed(attribute)) {
        return;
    }
    for (const auto& [number, opening] : openings_) {
        if (attribute_of(opening.path) == attribute) {
            on_change_(number);
        }
    }
}

std::uint64_t StickFiles::open(std::string_view path) {
    const AttributeFile* const file = files_.find(path);
    openings_[++next_opening_] =
        Opening{std::string(path), {}, file == nullptr ? 0 : file->changes};
    return next_opening_;
}

Result<std::string> StickFiles::ask(const ControlRequest& request) {
    if (!client_) {
        client_ = MINIKVM_TRY(connect(socket_));
    }
    Result<ControlReply> reply = client_->ask(request);
    if (reply) {
        return std::move(reply->value);
    }
    if (!connection_is_lost(reply.error())) {
        return tl::unexpected<Error>(std::move(reply.error()));
    }
    client_.reset();
    // A daemon that was restarted meanwhile is another one. The first one has never had a request
    // that could not be sent; one without an answer it may have carried out.
    const bool unsent = reply.error().code == std::errc::broken_pipe;
    const bool asked_only =
        request.verb == ControlVerb::Get && reply.error().code == std::errc::connection_reset;
    if (unsent || asked_only) {
        client_ = MINIKVM_TRY(connect(socket_));
        return MINIKVM_TRY(client_->ask(request)).value;
    }
    return tl::unexpected<Error>(std::move(reply.error()));
}

Result<std::string> StickFiles::read(std::uint64_t opening, std::size_t offset, std::size_t size) {
    Opening& file = openings_.at(opening);
    if (offset == 0) {
        file.seen_changes = files_.find(file.path)->changes;
        file.text = MINIKVM_TRY(ask({ControlVerb::Get, {attribute_of(file.path)}, {}})) + "\n";
    }
    return file.text.substr(std::min(offset, file.text.size()), size);
}

Result<void> StickFiles::write(std::uint64_t opening, std::string_view text) {
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    MINIKVM_TRY(
        ask({ControlVerb::Set, {attribute_of(openings_.at(opening).path)}, std::string(text)}));
    return {};
}

bool StickFiles::poll(std::uint64_t opening) const {
    const Opening& file = openings_.at(opening);
    return files_.find(file.path)->changes != file.seen_changes;
}

}  // namespace minikvm
