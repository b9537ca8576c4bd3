// SPDX-License-Identifier: MIT
// ControlServer: real clients on a real socket, well-behaved and hostile ones.

#include "control/control_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/descriptor_passing.h"
#include "common/unix_socket.h"
#include "tests/fakes/control_daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

using testing::StartsWith;

/// What a person with socat would be. Every wait ends after ten seconds.
class Client {
public:
    explicit Client(const ControlDaemon& daemon)
        : socket_(connect_unix(daemon.socket_path(), SocketType::Stream).value()) {
        const timeval longest{10, 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof(longest));
    }

    /// Whether all of it was taken.
    bool send(std::string_view bytes) const {
        return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }

    /// Asks for far more than the server and the socket can hold, in one send that fits.
    void ask_too_much() const {
        std::string requests;
        for (int count = 0; count < 20000; ++count) {
            requests += "ls\n";
        }
        ASSERT_TRUE(send(requests));
    }

    std::string read_line() {
        while (received_.find('\n') == std::string::npos) {
            std::array<char, 4096> buffer{};
            const auto count = receive_with_descriptors(socket_.get(), buffer, pictures_);
            if (!count || *count == 0) {
                return count ? "(closed)" : "(nothing)";
            }
            received_.append(buffer.data(), *count);
        }
        const std::string line = received_.substr(0, received_.find('\n'));
        received_.erase(0, line.size() + 1);
        return line;
    }

    std::string ask(std::string_view request) {
        send(request);
        return read_line();
    }

    /// The oldest picture that has arrived and was not taken; empty for none.
    UniqueFd take_picture() {
        if (pictures_.empty()) {
            return {};
        }
        UniqueFd picture = std::move(pictures_.front());
        pictures_.erase(pictures_.begin());
        return picture;
    }

    void end_requests() const { ::shutdown(socket_.get(), SHUT_WR); }
    void close() { socket_.reset(); }

private:
    UniqueFd socket_;
    std::string received_;
    std::vector<UniqueFd> pictures_;
};

std::string content_of(const UniqueFd& file) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::pread(file.get(), buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

class AControlServer : public testing::Test {
protected:
    TemporaryDirectory directory_;
    ControlDaemon daemon_{directory_.path(), "usb3"};
    Client client_{daemon_};
};

TEST_F(AControlServer, AnswersRequestsInOrder) {
    client_.send("get state\nget usb/switch\nset usb/switch target\nget usb/switch\n");

    EXPECT_EQ(client_.read_line(), "ok ready");
    EXPECT_EQ(client_.read_line(), "ok host");
    EXPECT_EQ(client_.read_line(), "ok target");
    EXPECT_EQ(client_.read_line(), "ok target");
}

TEST_F(AControlServer, IsForItsOwnerAndGroupOnly) {
    struct stat status {};
    ASSERT_EQ(::stat(daemon_.socket_path().c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(AControlServer, TellsWatchersWhatAnotherClientSets) {
    Client watcher(daemon_);
    EXPECT_EQ(watcher.ask("watch usb/switch\n"), "usb/switch host");
    EXPECT_EQ(watcher.read_line(), "ok");

    client_.ask("set usb/switch target\n");

    EXPECT_EQ(watcher.read_line(), "usb/switch target");
}

TEST_F(AControlServer, AnswersAClientWhoHasEndedItsRequests) {
    client_.send("get state\n");
    client_.end_requests();

    EXPECT_EQ(client_.read_line(), "ok ready");
    EXPECT_EQ(client_.read_line(), "(closed)");
}

TEST_F(AControlServer, GoesOnTellingAWatcherWhoHasEndedItsRequests) {
    client_.send("watch usb/slide\n");
    client_.end_requests();
    EXPECT_EQ(client_.read_line(), "usb/slide unknown");
    EXPECT_EQ(client_.read_line(), "ok");

    daemon_.publish("usb/slide", "target");

    EXPECT_EQ(client_.read_line(), "usb/slide target");
}

TEST_F(AControlServer, CarriesOutASetWhoseClientHasGone) {
    client_.send("set usb/switch target\n");
    client_.close();

    Client other(daemon_);
    other.send("watch usb/switch\n");
    std::string seen = other.read_line();
    while (seen != "usb/switch target" && !seen.starts_with("(")) {
        seen = other.read_line();
    }
    EXPECT_EQ(seen, "usb/switch target");
}

TEST_F(AControlServer, ForgetsAClientWhoLeavesBeforeItsAnswer) {
    daemon_.hold_sets();
    client_.send("set usb/switch target\nget state\n");
    while (daemon_.held_sets() == 0) {
    }
    client_.close();

    daemon_.let_sets_go();

    Client other(daemon_);
    EXPECT_EQ(other.ask("get usb/switch\n"), "ok target");
    EXPECT_EQ(daemon_.clients(), 1U);
}

TEST_F(AControlServer, LetsOthersOnWhileOneWaitsForAChip) {
    daemon_.hold_sets();
    client_.send("set usb/switch target\n");

    Client other(daemon_);

    EXPECT_EQ(other.ask("get state\n"), "ok ready");
}

TEST_F(AControlServer, HandsOverAScreenshotAsADescriptor) {
    EXPECT_EQ(client_.ask("screenshot\n"), "ok jpeg 640x480");

    EXPECT_EQ(content_of(client_.take_picture()), "picture 1");
}

TEST_F(AControlServer, HandsOverPicturesInTheOrderOfTheirLines) {
    client_.send("screenshot\nget state\nscreenshot\n");
    EXPECT_EQ(client_.read_line(), "ok jpeg 640x480");
    EXPECT_EQ(client_.read_line(), "ok ready");
    EXPECT_EQ(client_.read_line(), "ok jpeg 640x480");

    EXPECT_EQ(content_of(client_.take_picture()), "picture 1");
    EXPECT_EQ(content_of(client_.take_picture()), "picture 2");
}

TEST_F(AControlServer, HandsOverPicturesThatNobodyCanChange) {
    client_.ask("screenshot\n");
    const UniqueFd picture = client_.take_picture();

    EXPECT_EQ(::write(picture.get(), "x", 1), -1);
    EXPECT_EQ(::ftruncate(picture.get(), 0), -1);
    EXPECT_EQ(::fcntl(picture.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
}

TEST_F(AControlServer, ForgetsAClientWhoLeavesBeforeItsPicture) {
    daemon_.hold_sets();
    client_.send("screenshot\n");
    while (daemon_.held_sets() == 0) {
    }
    client_.close();

    daemon_.let_sets_go();

    Client other(daemon_);
    EXPECT_EQ(other.ask("get state\n"), "ok ready");
    EXPECT_EQ(daemon_.clients(), 1U);
}

// Every way in which a client can be hostile.

TEST_F(AControlServer, KeepsNoMoreThanAFewPicturesForAClientWhoReadsNone) {
    client_.send("screenshot\nscreenshot\nscreenshot\nscreenshot\nscreenshot\n");
    while (daemon_.screenshots() < ControlServer::kMostUnreadPictures) {
    }

    for (int count = 0; count < ControlServer::kMostUnreadPictures; ++count) {
        EXPECT_EQ(client_.read_line(), "ok jpeg 640x480");
    }
    EXPECT_EQ(client_.read_line(),
              "error busy screenshot: read the 4 pictures before this one first");

    EXPECT_EQ(client_.ask("screenshot\n"), "ok jpeg 640x480");
}

TEST_F(AControlServer, OutlivesAMegabyteWithoutANewline) {
    const std::string chunk(65536, 'x');
    for (int count = 0; count < 16; ++count) {
        ASSERT_TRUE(client_.send(chunk));
    }
    client_.send("\nget state\n");

    EXPECT_EQ(client_.read_line(), "error bad-request the line is longer than 4096 bytes");
    EXPECT_EQ(client_.read_line(), "ok ready");
}

TEST_F(AControlServer, RefusesNulBytes) {
    client_.send(std::string_view("\0\0\0\n", 4));

    EXPECT_THAT(client_.read_line(), StartsWith("error bad-request "));
}

TEST_F(AControlServer, RefusesHalfALine) {
    client_.send("get sta");
    client_.end_requests();

    EXPECT_THAT(client_.read_line(), StartsWith("error bad-request "));
    EXPECT_EQ(client_.read_line(), "(closed)");
}

TEST_F(AControlServer, ServesOthersWhileOneAsksTooMuchAndReadsNothing) {
    client_.ask_too_much();

    Client other(daemon_);

    EXPECT_EQ(other.ask("get state\n"), "ok ready");
}

TEST_F(AControlServer, GivesAClientWhoAsksWithoutEndItsShareAndNoMore) {
    const auto begin = std::chrono::steady_clock::now();
    for (int count = 0; count < 320; ++count) {
        client_.send("get state\n");
    }

    for (int count = 0; count < 320; ++count) {
        ASSERT_EQ(client_.read_line(), "ok ready");
    }

    // 32 at once, the others in nine turns.
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 9 * ControlServer::kTurn);
}

TEST_F(AControlServer, RefusesBytesThatAreNotUtf8) {
    EXPECT_EQ(client_.ask("get st\xff\n"),
              "error bad-request byte 7 is not UTF-8; a request is a line of text");
}

TEST_F(AControlServer, GivesTheNewestValueToAWatcherWhoDidNotRead) {
    client_.send("watch usb/slide\n");
    EXPECT_EQ(client_.read_line(), "usb/slide unknown");
    EXPECT_EQ(client_.read_line(), "ok");
    // Far more than the server and the socket hold.
    for (int count = 0; count < 20000; ++count) {
        daemon_.publish("usb/slide", count % 2 == 0 ? "host" : "target");
    }

    std::string line = client_.read_line();
    while (!line.starts_with("missed ") && !line.starts_with("(")) {
        line = client_.read_line();
    }
    EXPECT_THAT(line, StartsWith("missed "));
    EXPECT_EQ(client_.read_line(), "usb/slide target");
}

TEST_F(AControlServer, RefusesOneClientTooMany) {
    std::vector<Client> clients;
    while (clients.size() + 1 < ControlServer::kMostClients) {
        clients.emplace_back(daemon_);
        ASSERT_EQ(clients.back().ask("get state\n"), "ok ready");
    }

    Client last(daemon_);

    EXPECT_THAT(last.read_line(), StartsWith("error busy "));
    EXPECT_EQ(last.read_line(), "(closed)");
    EXPECT_EQ(client_.ask("get state\n"), "ok ready");
}

TEST_F(AControlServer, TakesANewClientWhenOneHasLeft) {
    for (std::size_t count = 0; count < 2 * ControlServer::kMostClients; ++count) {
        Client visitor(daemon_);
        ASSERT_EQ(visitor.ask("get state\n"), "ok ready");
    }
}

}  // namespace
}  // namespace minikvm
