// SPDX-License-Identifier: MIT
// Opens and closes, counted.

#include "daemon/node_openers.h"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace minikvm {

Result<std::unique_ptr<NodeOpeners>> NodeOpeners::create(EventLoop& loop,
                                                         std::function<void()> on_change) {
    std::unique_ptr<NodeOpeners> openers(new NodeOpeners(std::move(on_change)));
    NodeOpeners& self = *openers;
    self.inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!self.inotify_) {
        return errno_error("watch who opens the sink");
    }
    self.inotify_watch_ = MINIKVM_TRY(
        loop.watch(self.inotify_.get(), EPOLLIN, [&self](auto) { self.read_events(); }));
    return openers;
}

void NodeOpeners::watch(const std::vector<std::string>& nodes) {
    std::erase_if(nodes_, [&](const auto& entry) {
        const bool wanted = std::ranges::find(nodes, entry.first) != nodes.end();
        if (!wanted) {
            inotify_rm_watch(inotify_.get(), entry.second.descriptor);
        }
        return !wanted;
    });
    for (const std::string& node : nodes) {
        if (!node.empty() && !nodes_.contains(node)) {
            nodes_[node].descriptor =
                inotify_add_watch(inotify_.get(), node.c_str(), IN_OPEN | IN_CLOSE);
        }
    }
}

std::size_t NodeOpeners::count() const {
    std::size_t count = 0;
    for (const auto& [path, node] : nodes_) {
        count += node.openers;
    }
    return count;
}

void NodeOpeners::read_events() {
    constexpr std::size_t kBufferBytes = 4096;
    std::array<char, kBufferBytes> buffer{};
    const std::size_t before = count();
    while (true) {
        const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (size <= 0) {
            break;
        }
        inotify_event event{};
        for (std::size_t position = 0; position < static_cast<std::size_t>(size);
             position += sizeof(event) + event.len) {
            std::memcpy(&event, buffer.data() + position, sizeof(event));
            take(event.wd, event.mask);
        }
    }
    if (count() != before) {
        on_change_();
    }
}

void NodeOpeners::take(int descriptor, std::uint32_t mask) {
    for (auto& [path, node] : nodes_) {
        if ((mask & IN_Q_OVERFLOW) != 0) {
            node.openers = 0;
        } else if (node.descriptor == descriptor && (mask & IN_OPEN) != 0) {
            ++node.openers;
        } else if (node.descriptor == descriptor && (mask & IN_CLOSE) != 0 && node.openers > 0) {
            --node.openers;
        }
    }
}

}  // namespace minikvm
