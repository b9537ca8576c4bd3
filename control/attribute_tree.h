// SPDX-License-Identifier: MIT
// AttributeTree: the present values of the control tree.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "control/attribute_declaration.h"

namespace minikvm {

/// What a get answers for an attribute that has no value now.
inline constexpr std::string_view kUnknownValue = "unknown";

/// Shape:   whoever knows a value publishes it when it changes; a get is answered from what was
///          published last, so it never waits for a chip. A set goes to the attribute's setter,
///          which answers once, now or later.
/// Errors:  an Error's context is the whole sentence for the client, and names what would be right:
///          NoSuchAttribute (with the nearest name), ReadOnly, WriteOnly, BadValue (with the good
///          ones), NoDevice when nobody can carry a set out now.
/// Thread:  the thread that made it.
class AttributeTree final {
public:
    using Reply = std::function<void(Result<std::string>)>;
    using Setter = std::function<void(const std::string& value, Reply reply)>;
    using ChangeCallback = std::function<void(std::string_view name, std::string_view value)>;

    /// `declarations` must outlive the tree.
    explicit AttributeTree(std::span<const AttributeDeclaration> declarations);

    /// What this stick cannot have: these are not there, all others are. Before: all are.
    void set_absent(std::span<const std::string_view> names);

    /// Sets the present value, nullopt for none. Readers are told only of a change.
    /// The name must be declared, and readable.
    void publish(std::string_view name, std::optional<std::string> value);

    /// Who carries out a set of a declared, writable attribute.
    void on_set(std::string_view name, Setter setter);

    /// Called after each change. One listener; a second replaces the first.
    void on_change(ChangeCallback callback) { changed_ = std::move(callback); }

    /// Called after each set that was carried out, with the value that was asked for. One listener.
    void on_carried_out(ChangeCallback callback) { carried_out_ = std::move(callback); }

    /// Publishes what changes without telling, as counters do; to be called before values are read.
    void refresh() const;
    void on_refresh(std::function<void()> callback) { refresh_ = std::move(callback); }

    Result<std::string> get(std::string_view name) const;

    /// The reply is called exactly once, perhaps before set() returns.
    void set(std::string_view name, const std::string& value, Reply reply);

    /// The attributes that `prefix` names: one of that name, or all under that folder ("usb" or
    /// "usb/"); all of them for an empty prefix. Sorted by name, never empty.
    Result<std::vector<const AttributeDeclaration*>> list(std::string_view prefix) const;

private:
    struct Attribute {
        const AttributeDeclaration* declaration = nullptr;
        bool is_absent = false;
        std::optional<std::string> value;
        Setter setter;
    };

    const Attribute* find(std::string_view name) const;
    Attribute& declared(std::string_view name);
    tl::unexpected<Error> no_such(std::string_view name) const;

    std::map<std::string_view, Attribute> attributes_;
    ChangeCallback changed_;
    ChangeCallback carried_out_;
    std::function<void()> refresh_;
};

}  // namespace minikvm
