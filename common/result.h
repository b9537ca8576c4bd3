// SPDX-License-Identifier: MIT
// Result<T>: a value, or an error with one phrase of context.

#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

namespace minikvm {

/// Why something outside the program did not work.
struct Error {
    std::error_code code;  // to branch on: std::errc, ProtocolError or ControlError
    std::string context;   // what was being attempted, e.g. "open /dev/ttyUSB0"

    std::string message() const { return context + ": " + code.message(); }
};

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;

    // Implicit, so that what map() and and_then() return can be returned from our functions.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(tl::expected<T, Error> base) : tl::expected<T, Error>(std::move(base)) {}
};

/// An error from a code; returned as is from a function that returns Result<anything>.
inline tl::unexpected<Error> make_error(std::error_code code, std::string context) {
    return tl::unexpected<Error>(Error{code, std::move(context)});
}

/// An error from errno, to be called before anything else can change it.
inline tl::unexpected<Error> errno_error(std::string context) {
    const int number = errno;
    return make_error(std::error_code(number, std::generic_category()), std::move(context));
}

/// An error from a negative errno, as libsystemd, libudev and libevdev return it.
inline tl::unexpected<Error> errno_error(int negative_errno, std::string context) {
    return make_error(std::error_code(-negative_errno, std::generic_category()),
                      std::move(context));
}

namespace detail {

template <typename T>
T take_value(Result<T>&& result) {
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

}  // namespace detail
}  // namespace minikvm

// `name` is declared here, and so cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define MINIKVM_TRY_NAMED(name, expression)                                 \
    __extension__({                                                         \
        auto name = (expression);                                           \
        if (!name) {                                                        \
            return tl::unexpected<minikvm::Error>(std::move(name.error())); \
        }                                                                   \
        minikvm::detail::take_value(std::move(name));                       \
    })
// NOLINTEND(bugprone-macro-parentheses)
#define MINIKVM_TRY_UNIQUE(counter, expression) MINIKVM_TRY_NAMED(result_##counter, expression)
#define MINIKVM_TRY_EXPANDED(counter, expression) MINIKVM_TRY_UNIQUE(counter, expression)

/// The value of a Result, or return from the calling function with its error.
/// A GNU statement expression, which g++ and clang++ both have.
#define MINIKVM_TRY(expression) MINIKVM_TRY_EXPANDED(__COUNTER__, expression)
