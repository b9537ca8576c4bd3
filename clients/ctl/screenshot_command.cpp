// SPDX-License-Identifier: MIT
// minikvmctl screenshot: the target's screen as a JPEG.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "clients/ctl/command_table.h"
#include "clients/ctl/output.h"
#include "clients/ctl/sticks.h"
#include "protocol/errors.h"

namespace minikvm {
namespace {

using nlohmann::ordered_json;

constexpr const char* kStandardOutput = "-";

struct TakenPicture {
    UniqueFd file;
    std::string size;  // "1920x1080"
    std::string card;  // which it is, if it is none of the target
};

// "jpeg 1920x1080", and a card's name behind it.
Result<TakenPicture> described(const std::string& description, UniqueFd file) {
    constexpr std::string_view kFormat = "jpeg ";
    if (!description.starts_with(kFormat) || !file) {
        return make_error(ProtocolError::BadReply, "screenshot");
    }
    const std::string rest = description.substr(kFormat.size());
    const std::size_t space = rest.find(' ');
    return TakenPicture{std::move(file), rest.substr(0, space),
                        space == std::string::npos ? "" : rest.substr(space + 1)};
}

Result<TakenPicture> take_picture(ControlClient& client, bool or_card) {
    ControlRequest request{ControlVerb::Screenshot, {}, {}};
    if (or_card) {
        request.names.emplace_back(kCardWord);
    }
    const ControlReply reply = MINIKVM_TRY(client.ask(request));
    return described(reply.value, client.take_descriptor());
}

Result<void> write_all(int to, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(to, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return errno_error(name);
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> copy(const UniqueFd& picture, int to, const std::string& name) {
    std::array<char, 65536> buffer{};
    off_t position = 0;
    while (true) {
        const ssize_t count = ::pread(picture.get(), buffer.data(), buffer.size(), position);
        if (count < 0) {
            return errno_error("read the picture");
        }
        if (count == 0) {
            return {};
        }
        MINIKVM_TRY(write_all(to, {buffer.data(), static_cast<std::size_t>(count)}, name));
        position += count;
    }
}

// Only now that there is a picture: an older one of that name outlives a failure.
Result<void> save(const UniqueFd& picture, const std::string& name) {
    if (name == kStandardOutput) {
        return copy(picture, STDOUT_FILENO, "standard output");
    }
    constexpr mode_t kLessTheUsersMask = 0666;
    const UniqueFd file(
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kLessTheUsersMask));
    if (!file) {
        return errno_error(name);
    }
    return copy(picture, file.get(), name);
}

class ScreenshotCommand final : public Command {
public:
    explicit ScreenshotCommand(CommandLine program)
        : Command(program, "screenshot", "Save the target's screen as a JPEG") {
        line().add_argument("FILE", file_, "Where to; - or nothing is standard output");
        line().add_flag("--card", or_card_, "Without a picture: a card that says why");
    }

    ExitStatus run(const CommandOptions& options) override {
        if (file_ == kStandardOutput && (options.json || ::isatty(STDOUT_FILENO) == 1)) {
            print_error(options.json
                            ? "screenshot: --json needs a FILE, since both would be printed"
                            : "screenshot: a picture is nothing for a terminal; name a FILE");
            return ExitStatus::Usage;
        }
        Result<ReachableStick> stick = find_one_stick(options.directory, options.stick);
        if (!stick) {
            return complain(stick.error());
        }
        const Result<TakenPicture> picture = take_picture(stick->client, or_card_);
        if (!picture) {
            return complain(picture.error());
        }
        if (const Result<void> saved = save(picture->file, file_); !saved) {
            return complain(saved.error());
        }
        if (options.json) {
            print_json(
                {{"stick", stick->id},
                 {"file", file_},
                 {"size", picture->size},
                 {"card", picture->card.empty() ? ordered_json() : ordered_json(picture->card)}});
        }
        return ExitStatus::Done;
    }

private:
    std::string file_ = kStandardOutput;
    bool or_card_ = false;
};

}  // namespace

std::unique_ptr<Command> make_screenshot_command(CommandLine program) {
    return std::make_unique<ScreenshotCommand>(program);
}

}  // namespace minikvm
