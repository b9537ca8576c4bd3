// SPDX-License-Identifier: MIT

#include "common/unix_listener.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "common/log.h"

namespace minikvm {
namespace {

constexpr mode_t kMode = 0660;  // owner and group

// The one who wanted to come in has gone again.
bool nobody_waits(const Error& error) {
    return error.code == std::errc::resource_unavailable_try_again ||
           error.code == std::errc::connection_aborted;
}

}  // namespace

Result<std::unique_ptr<UnixListener>> UnixListener::create(
    EventLoop& loop, Options options, std::function<Result<void>(UniqueFd)> on_client) {
    std::unique_ptr<UnixListener> listener(
        new UnixListener(std::move(options), std::move(on_client)));
    UnixListener& self = *listener;
    self.socket_ = MINIKVM_TRY(listen_unix(self.options_.path, self.options_.type, kMode));
    self.again_ = MINIKVM_TRY(loop.timer([&self](auto) { self.watch_.set_events(EPOLLIN); }));
    self.watch_ = MINIKVM_TRY(
        loop.watch(self.socket_.get(), EPOLLIN, [&self](auto) { self.accept_client(); }));
    return listener;
}

UnixListener::~UnixListener() {
    if (socket_) {
        ::unlink(options_.path.c_str());
    }
}

void UnixListener::accept_client() {
    Result<UniqueFd> client = accept_unix(socket_.get());
    if (!client && nobody_waits(client.error())) {
        return;
    }
    const Result<void> added = client
                                   ? on_client_(std::move(*client))
                                   : Result<void>(tl::unexpected<Error>(std::move(client.error())));
    if (!added) {
        log::warning("kernel: no new {} client: {}", options_.what, added.error().message());
        watch_.set_events(0);
        again_.arm_after(kPause);
    }
}

}  // namespace minikvm
