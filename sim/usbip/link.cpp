// SPDX-License-Identifier: MIT
// The traffic of one plugged device.

#include "sim/usbip/link.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>

#include "common/log.h"

namespace minikvm::sim {
namespace {

constexpr std::size_t kReceiveBytes = 16384;
constexpr std::size_t kMaxParts = 3;  // header, data, packet descriptions

int errno_of(UrbStatus status) {
    switch (status) {
        case UrbStatus::Done:
            return 0;
        case UrbStatus::Stalled:
            return -EPIPE;
        case UrbStatus::Gone:
            return -EPROTO;
    }
    return -EPROTO;
}

bool is_control(std::uint8_t endpoint) {
    return (endpoint & ~kEndpointIn) == 0;
}

}  // namespace

Result<std::unique_ptr<UsbipLink>> UsbipLink::create(EventLoop& loop, UniqueFd socket,
                                                     UsbDevice& device,
                                                     std::function<void()> on_closed) {
    std::unique_ptr<UsbipLink> link(
        new UsbipLink(loop, std::move(socket), device, std::move(on_closed)));
    link->watch_ = MINIKVM_TRY(
        loop.watch(link->socket_.get(), EPOLLIN,
                   [raw = link.get()](std::uint32_t events) { raw->on_ready(events); }));
    device.plug(*link);
    return link;
}

UsbipLink::~UsbipLink() {
    pull_device();
}

void UsbipLink::hang_up() {
    if (state_ != State::Open) {
        return;
    }
    state_ = State::HangingUp;
    pull_device();
    // What is on its way to us is answered too, before nobody is there to do it.
    read_some();
    handle_received();
    if (state_ != State::Closed) {
        watch_.set_events(EPOLLIN | EPOLLOUT);
    }
}

void UsbipLink::pull_device() {
    for (const std::uint32_t id : unanswered_) {
        const UsbipHeader header = encode(SubmitReply{id, errno_of(UrbStatus::Gone), 0, 0, 0});
        send(std::array<std::span<const std::uint8_t>, 1>{header});
    }
    unanswered_.clear();
    device_.pull();
}

void UsbipLink::close() {
    if (state_ == State::Closed) {
        return;
    }
    state_ = State::Closed;
    watch_ = Watch();
    pull_device();
    socket_.reset();
    loop_.post(on_closed_);
}

void UsbipLink::on_ready(std::uint32_t events) {
    if ((events & EPOLLOUT) != 0) {
        flush();
    }
    const bool readable = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
    const bool ended = readable && (!read_some() || !handle_received());
    const bool hung_up = state_ == State::HangingUp && outgoing_.empty();
    if (ended || hung_up) {
        close();
    }
}

bool UsbipLink::read_some() {
    const std::size_t before = received_.size();
    received_.resize(before + kReceiveBytes);
    const ssize_t count = ::recv(socket_.get(), received_.data() + before, kReceiveBytes, 0);
    received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool UsbipLink::handle_received() {
    std::span<const std::uint8_t> rest(received_);
    while (rest.size() >= kUsbipHeaderBytes) {
        const auto command = parse_command(rest.first<kUsbipHeaderBytes>());
        if (!command) {
            log::error("kernel: vhci_hcd sent what is no command, the device is pulled");
            return false;
        }
        const auto* submit = std::get_if<SubmitCommand>(&*command);
        const std::size_t body_bytes = submit != nullptr ? submit->body_bytes() : 0;
        if (rest.size() < kUsbipHeaderBytes + body_bytes) {
            break;
        }
        if (submit != nullptr) {
            handle(*submit, rest.subspan(kUsbipHeaderBytes, body_bytes));
        } else {
            handle(std::get<UnlinkCommand>(*command));
        }
        rest = rest.subspan(kUsbipHeaderBytes + body_bytes);
    }
    const std::size_t consumed = received_.size() - rest.size();
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(consumed));
    return true;
}

void UsbipLink::handle(const SubmitCommand& command, std::span<const std::uint8_t> body) {
    const auto data = body.first(command.data_bytes());
    if (is_control(command.endpoint) && device_.plugged()) {
        answer_control(command, data);
        return;
    }
    Urb urb;
    urb.id = command.id;
    urb.endpoint = command.endpoint;
    urb.length_bytes = command.length_bytes;
    urb.data.assign(data.begin(), data.end());
    urb.packets = parse_packets(body.subspan(data.size()));
    if (device_.plugged()) {
        device_.submit(std::move(urb));
    } else {
        complete(urb, UrbStatus::Gone);
    }
}

void UsbipLink::handle(const UnlinkCommand& command) {
    const auto silent = std::find(unanswered_.begin(), unanswered_.end(), command.unlinked_id);
    const bool was_silent = silent != unanswered_.end();
    if (was_silent) {
        unanswered_.erase(silent);
    }
    const bool waiting = was_silent || device_.unlink(command.unlinked_id);
    const UsbipHeader header = encode_unlink_reply(command.id, waiting ? -ECONNRESET : 0);
    send(std::array<std::span<const std::uint8_t>, 1>{header});
}

void UsbipLink::answer_control(const SubmitCommand& command, std::span<const std::uint8_t> data) {
    const ControlReply reply = device_.request(command.setup, data);
    if (reply.kind == ControlReply::Kind::Silence) {
        unanswered_.push_back(command.id);
        return;
    }
    SubmitReply header{command.id, 0, 0, 0, 0};
    std::span<const std::uint8_t> answer;
    if (reply.kind == ControlReply::Kind::Stall) {
        header.status = errno_of(UrbStatus::Stalled);
    } else if (command.setup.is_in()) {
        answer = std::span(reply.data).first(std::min(reply.data.size(), command.length_bytes));
        header.actual_bytes = answer.size();
    } else {
        header.actual_bytes = data.size();
    }
    const UsbipHeader bytes = encode(header);
    send(std::array<std::span<const std::uint8_t>, 2>{bytes, answer});
}

void UsbipLink::complete(const Urb& urb, UrbStatus status) {
    if (state_ != State::Open && !is_control(urb.endpoint)) {
        return;
    }
    const bool is_in = (urb.endpoint & kEndpointIn) != 0;
    const bool isochronous = !urb.packets.empty();
    const bool done = status == UrbStatus::Done;
    SubmitReply reply;
    reply.id = urb.id;
    // An isochronous URB always succeeds; it is its packets that fail.
    reply.status = isochronous ? 0 : errno_of(status);
    reply.packet_count = urb.packets.size();
    reply.failed_packets = done ? 0 : urb.packets.size();
    std::span<const std::uint8_t> data;
    if (done) {
        reply.actual_bytes = urb.data.size();
        data = is_in ? std::span<const std::uint8_t>(urb.data) : data;
    }
    assert(reply.actual_bytes <= urb.length_bytes);
    const UsbipHeader header = encode(reply);
    const auto packets = encode_packets(urb.packets, errno_of(status));
    send(std::array<std::span<const std::uint8_t>, kMaxParts>{header, data, packets});
}

void UsbipLink::send(std::span<const std::span<const std::uint8_t>> parts) {
    if (!socket_) {
        return;
    }
    std::size_t sent = 0;
    if (outgoing_.empty()) {
        std::array<iovec, kMaxParts> vectors{};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            // sendmsg(2) only reads, but iovec cannot say so.
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
            vectors[i] = {const_cast<std::uint8_t*>(parts[i].data()), parts[i].size()};
        }
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = parts.size();
        const ssize_t count = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
        sent = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    for (const auto& part : parts) {
        const std::size_t skipped = std::min(sent, part.size());
        outgoing_.insert(outgoing_.end(), part.begin() + static_cast<std::ptrdiff_t>(skipped),
                         part.end());
        sent -= skipped;
    }
    if (!outgoing_.empty() && state_ == State::Open) {
        watch_.set_events(EPOLLIN | EPOLLOUT);
    }
}

void UsbipLink::flush() {
    const std::span<const std::uint8_t> rest = std::span(outgoing_).subspan(outgoing_sent_);
    if (!rest.empty()) {
        const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            outgoing_sent_ = outgoing_.size();  // nobody reads it any more
        }
        outgoing_sent_ += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    }
    if (outgoing_sent_ == outgoing_.size()) {
        outgoing_.clear();
        outgoing_sent_ = 0;
        watch_.set_events(state_ == State::HangingUp ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

}  // namespace minikvm::sim
