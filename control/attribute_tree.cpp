// SPDX-License-Identifier: MIT
// The control tree's values.

#include "control/attribute_tree.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "control/attribute_text.h"
#include "protocol/errors.h"
#include "protocol/suggestion.h"

namespace minikvm {
namespace {

constexpr std::size_t kLongestShownName = 64;

bool readable(const AttributeDeclaration& declaration) {
    return declaration.access != Access::Write;
}

bool writable(const AttributeDeclaration& declaration) {
    return declaration.access != Access::Read;
}

// "usb" and "usb/" both name what is under usb/, never "usb_other".
bool is_under(std::string_view name, std::string_view folder) {
    while (!folder.empty() && folder.back() == '/') {
        folder.remove_suffix(1);
    }
    return name.size() > folder.size() && name.starts_with(folder) && name[folder.size()] == '/';
}

Result<void> check_accepted(const AttributeDeclaration& declaration, std::string_view value) {
    if (declaration.accepted.empty() || has_word(declaration.accepted, value)) {
        return {};
    }
    return make_error(ControlError::BadValue,
                      fmt::format("{}: {} is not one of: {}", declaration.name, in_quotes(value),
                                  declaration.accepted));
}

}  // namespace

AttributeTree::AttributeTree(std::span<const AttributeDeclaration> declarations) {
    for (const AttributeDeclaration& declaration : declarations) {
        attributes_[declaration.name].declaration = &declaration;
    }
}

const AttributeTree::Attribute* AttributeTree::find(std::string_view name) const {
    const auto found = attributes_.find(name);
    return found == attributes_.end() || found->second.is_absent ? nullptr : &found->second;
}

void AttributeTree::set_absent(std::span<const std::string_view> names) {
    for (auto& [name, attribute] : attributes_) {
        attribute.is_absent = std::ranges::find(names, name) != names.end();
    }
}

AttributeTree::Attribute& AttributeTree::declared(std::string_view name) {
    const auto found = attributes_.find(name);
    assert(found != attributes_.end());
    return found->second;
}

tl::unexpected<Error> AttributeTree::no_such(std::string_view name) const {
    if (attributes_.contains(name)) {
        return make_error(ControlError::NoSuchAttribute,
                          fmt::format("{}: this stick has none; ls shows all", name));
    }
    std::vector<std::string_view> names;
    std::vector<std::string_view> last_parts;  // "switch" of "usb/switch": folders get forgotten
    for (const auto& [known, attribute] : attributes_) {
        if (attribute.is_absent) {
            continue;
        }
        names.push_back(known);
        last_parts.push_back(known.substr(known.rfind('/') + 1));
    }
    std::string_view near = closest_word(name, names);
    if (near.empty()) {
        const auto part = std::ranges::find(last_parts, closest_word(name, last_parts));
        near = part == last_parts.end()
                   ? std::string_view()
                   : names[static_cast<std::size_t>(part - last_parts.begin())];
    }
    const std::string_view shown = name.substr(0, kLongestShownName);
    return make_error(ControlError::NoSuchAttribute,
                      near.empty()
                          ? fmt::format("{}: no such attribute; ls shows all", shown)
                          : fmt::format("{}: no such attribute; did you mean {}", shown, near));
}

void AttributeTree::publish(std::string_view name, std::optional<std::string> value) {
    Attribute& attribute = declared(name);
    assert(readable(*attribute.declaration));
    if (attribute.value == value) {
        return;
    }
    attribute.value = std::move(value);
    if (changed_ && !attribute.is_absent) {
        changed_(attribute.declaration->name,
                 attribute.value ? std::string_view(*attribute.value) : kUnknownValue);
    }
}

void AttributeTree::on_set(std::string_view name, Setter setter) {
    Attribute& attribute = declared(name);
    assert(writable(*attribute.declaration));
    attribute.setter = std::move(setter);
}

void AttributeTree::refresh() const {
    if (refresh_) {
        refresh_();
    }
}

Result<std::string> AttributeTree::get(std::string_view name) const {
    const Attribute* attribute = find(name);
    if (attribute == nullptr) {
        return no_such(name);
    }
    if (!readable(*attribute->declaration)) {
        return make_error(ControlError::WriteOnly, fmt::format("{}: can only be set", name));
    }
    return attribute->value.value_or(std::string(kUnknownValue));
}

void AttributeTree::set(std::string_view name, const std::string& value, Reply reply) {
    const Attribute* attribute = find(name);
    if (attribute == nullptr) {
        reply(no_such(name));
        return;
    }
    if (!writable(*attribute->declaration)) {
        reply(make_error(ControlError::ReadOnly, fmt::format("{}: can only be read", name)));
        return;
    }
    Result<void> checked = check_accepted(*attribute->declaration, value);
    if (!checked) {
        reply(tl::unexpected<Error>(std::move(checked.error())));
        return;
    }
    if (!attribute->setter) {
        reply(make_error(ControlError::NoDevice, fmt::format("{}: cannot be set now", name)));
        return;
    }
    attribute->setter(
        value, [this, attribute, value, reply = std::move(reply)](Result<std::string> answer) {
            if (answer && carried_out_) {
                carried_out_(attribute->declaration->name, value);
            }
            reply(std::move(answer));
        });
}

Result<std::vector<const AttributeDeclaration*>> AttributeTree::list(
    std::string_view prefix) const {
    std::vector<const AttributeDeclaration*> found;
    for (const auto& [name, attribute] : attributes_) {
        const bool named = prefix.empty() || name == prefix || is_under(name, prefix);
        if (named && !attribute.is_absent) {
            found.push_back(attribute.declaration);
        }
    }
    if (found.empty()) {
        return no_such(prefix);
    }
    return found;
}

}  // namespace minikvm
