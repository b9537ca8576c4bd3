// SPDX-License-Identifier: MIT
// What the unix socket functions promise, with real sockets.

#include "common/unix_socket.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/fakes/temporary_directory.h"

namespace minikvm {
namespace {

class UnixSocketTest : public testing::Test {
protected:
    std::string path() const { return directory_.path() + "/socket"; }

private:
    TemporaryDirectory directory_;
};

TEST_F(UnixSocketTest, ConnectsAClientToAListener) {
    const UniqueFd listener = listen_unix(path(), SocketType::Stream, 0600).value();

    const Result<UniqueFd> client = connect_unix(path(), SocketType::Stream);

    ASSERT_TRUE(client);
    EXPECT_TRUE(accept_unix(listener.get()));
}

TEST_F(UnixSocketTest, GivesTheNodeTheModeAskedFor) {
    const UniqueFd listener = listen_unix(path(), SocketType::Stream, 0660).value();

    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(UnixSocketTest, ReplacesTheNodeOfADeadListener) {
    { const auto dead = listen_unix(path(), SocketType::SeqPacket, 0600).value(); }

    EXPECT_TRUE(listen_unix(path(), SocketType::SeqPacket, 0600));
}

TEST_F(UnixSocketTest, SaysThatNobodyListens) {
    { const auto dead = listen_unix(path(), SocketType::Stream, 0600).value(); }

    const Result<UniqueFd> client = connect_unix(path(), SocketType::Stream);

    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, std::errc::connection_refused);
}

TEST_F(UnixSocketTest, RefusesAPathThatDoesNotFit) {
    const Result<UniqueFd> listener =
        listen_unix("/tmp/" + std::string(200, 'x'), SocketType::Stream, 0600);

    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().code, std::errc::filename_too_long);
}

TEST_F(UnixSocketTest, HasNoConnectionToAcceptBeforeOneIsMade) {
    const UniqueFd listener = listen_unix(path(), SocketType::Stream, 0600).value();

    const Result<UniqueFd> connection = accept_unix(listener.get());

    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code, std::errc::resource_unavailable_try_again);
}

TEST_F(UnixSocketTest, KnowsWhoConnected) {
    const UniqueFd listener = listen_unix(path(), SocketType::Stream, 0600).value();
    const UniqueFd client = connect_unix(path(), SocketType::Stream).value();
    const UniqueFd connection = accept_unix(listener.get()).value();

    const PeerCredentials peer = peer_credentials(connection.get()).value();

    EXPECT_EQ(peer.pid, ::getpid());
    EXPECT_EQ(peer.uid, ::getuid());
}

}  // namespace
}  // namespace minikvm
