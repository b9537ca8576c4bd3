// SPDX-License-Identifier: MIT
// InputServer: real clients on a real socket, well-behaved and hostile ones.

#include "uinput-bridge/input_server.h"

#include <linux/input-event-codes.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <array>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/unix_socket.h"
#include "tests/fakes/input_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using testing::HasSubstr;

/// Every wait ends after ten seconds.
class Client {
public:
    explicit Client(const InputDaemon& daemon)
        : socket_(connect_unix(daemon.socket_path(), SocketType::SeqPacket).value()) {
        const timeval longest{10, 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
    }

    bool send(std::span<const std::uint8_t> bytes) const {
        return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
    }
    void greet() const { send(encode_input(InputHello{}).bytes()); }
    bool key(std::uint16_t code, int value) {
        const InputEvent event{EV_KEY, code, value};
        return send(encode_input(++sent_, std::span(&event, 1)).bytes());
    }

    /// The daemon's next packet; nothing when it has closed, or says nothing.
    std::optional<InputAnswer> answer() const {
        std::array<std::uint8_t, kMaxInputPacketBytes> buffer{};
        const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            return std::nullopt;
        }
        return parse_input_answer(std::span(buffer).first(static_cast<std::size_t>(count))).value();
    }
    InputState state_with(std::uint32_t acknowledged) const {
        while (const auto news = answer()) {
            const auto* state = std::get_if<InputState>(&*news);
            if (state != nullptr && state->acknowledged >= acknowledged) {
                return *state;
            }
        }
        return {};
    }
    std::string last_words() const {
        std::string reason = "(none)";
        while (const auto news = answer()) {
            if (const auto* goodbye = std::get_if<InputGoodbye>(&*news)) {
                reason = goodbye->reason;
            }
        }
        return reason;
    }

    void close() { socket_.reset(); }

private:
    UniqueFd socket_;
    std::uint32_t sent_ = 0;
};

bool holds_nothing(const std::vector<HidReport>& reports) {
    const auto* last = std::get_if<hid::KeyboardReport>(&reports.back());
    return last != nullptr && *last == hid::KeyboardReport{};
}

bool holds_something(const std::vector<HidReport>& reports) {
    const auto* last = std::get_if<hid::KeyboardReport>(&reports.back());
    return last != nullptr && *last != hid::KeyboardReport{};
}

class AnInputServer : public testing::Test {
protected:
    TemporaryDirectory directory_;
    InputDaemon daemon_{directory_.path(), "usb3"};
    Client client_{daemon_};
};

TEST_F(AnInputServer, WelcomesAHelloWithItsVersionAndWindow) {
    client_.greet();

    EXPECT_EQ(std::get<InputWelcome>(client_.answer().value()),
              (InputWelcome{kInputVersion, InputConnection::kWindow}));
}

TEST_F(AnInputServer, TellsOfTheTargetAtOnce) {
    daemon_.set_target(InputTarget::Present, {.num = false, .caps = true, .scroll = false});
    client_.greet();
    client_.answer();

    const auto state = std::get<InputState>(client_.answer().value());

    EXPECT_EQ(state.target, InputTarget::Present);
    EXPECT_TRUE(state.leds.caps);
}

TEST_F(AnInputServer, TellsWhenTheTargetsLightsChange) {
    client_.greet();
    client_.answer();
    client_.answer();

    daemon_.set_target(InputTarget::Present, {.num = true, .caps = false, .scroll = false});

    EXPECT_TRUE(std::get<InputState>(client_.answer().value()).leds.num);
}

TEST_F(AnInputServer, BeatsOnceASecondWithoutNews) {
    client_.greet();
    client_.answer();
    const auto first = std::get<InputState>(client_.answer().value());

    EXPECT_EQ(std::get<InputState>(client_.answer().value()), first);
}

TEST_F(AnInputServer, AcknowledgesWhatReachedTheTarget) {
    client_.greet();
    client_.key(KEY_A, 1);
    client_.key(KEY_A, 0);

    EXPECT_EQ(client_.state_with(2).acknowledged, 2U);
    EXPECT_EQ(daemon_.keyboard_reports().back(), hid::KeyboardReport{});
}

TEST_F(AnInputServer, ReleasesWhatAClientHeldThatClosed) {
    client_.greet();
    client_.key(KEY_A, 1);
    ASSERT_TRUE(daemon_.wait_until(holds_something));

    client_.close();

    EXPECT_TRUE(daemon_.wait_until(holds_nothing));
}

TEST_F(AnInputServer, ClosesAfterAMalformedPacketWithTheReason) {
    client_.greet();
    client_.send(std::array<std::uint8_t, 3>{'E', 0, 0});

    EXPECT_THAT(client_.last_words(), HasSubstr("this one has 3 bytes"));
}

TEST_F(AnInputServer, SeesThatAPacketWasLongerThanAnyMayBe) {
    client_.greet();
    client_.send(std::vector<std::uint8_t>(5000, 'E'));

    EXPECT_THAT(client_.last_words(), HasSubstr("1..64"));
}

TEST_F(AnInputServer, KeepsTheOthersWhenOneIsMalformed) {
    Client other(daemon_);
    other.greet();
    other.key(KEY_A, 1);
    ASSERT_EQ(other.state_with(1).acknowledged, 1U);

    client_.send(std::array<std::uint8_t, 1>{'?'});
    EXPECT_NE(client_.last_words(), "(none)");

    EXPECT_TRUE(other.key(KEY_A, 0));
    EXPECT_EQ(other.state_with(2).acknowledged, 2U);
}

TEST_F(AnInputServer, DisconnectsWhoSaysNoHello) {
    EXPECT_THAT(client_.last_words(), HasSubstr("hello"));
}

TEST_F(AnInputServer, RefusesOneClientTooMany) {
    std::vector<Client> clients;
    for (std::size_t count = 1; count < InputServer::kMostClients; ++count) {
        clients.emplace_back(daemon_).greet();
    }
    const Client one_more(daemon_);

    EXPECT_THAT(one_more.last_words(), HasSubstr("the most there may be"));
}

TEST_F(AnInputServer, LetsAClientWaitThatSendsFasterThanTheLine) {
    daemon_.get_stuck();
    client_.greet();
    int taken = 0;
    while (taken < 100000 && client_.key(KEY_A, (taken + 1) % 2)) {
        ++taken;
    }

    EXPECT_LT(taken, 100000);
    EXPECT_EQ(daemon_.clients(), 1U);
}

TEST_F(AnInputServer, IsForItsOwnerAndGroupOnly) {
    struct stat status {};
    ASSERT_EQ(::stat(daemon_.socket_path().c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

}  // namespace
}  // namespace minikvm
