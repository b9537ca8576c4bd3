// SPDX-License-Identifier: MIT
// What Windows' layouts have behind AltGr, where XKB's layouts of the same name have more.

#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace minikvm {

struct WindowsAltGr {
    std::string_view layout;         // XKB's name for it
    std::u32string_view characters;  // not those that are dead keys in Windows
};

/// Source:  learn.microsoft.com/globalization/windows-keyboard-layouts, the layouts' AltGr planes.
inline constexpr std::array kWindowsAltGr = {
    WindowsAltGr{"us", U""},
    WindowsAltGr{"gb", U"€"},
    WindowsAltGr{"de", U"²³{[]}\\@€~|µẞ"},
    WindowsAltGr{"fr", U"#{[|\\^@]}€¤"},
    WindowsAltGr{"es", U"\\|@#€¬[]{}"},
    WindowsAltGr{"it", U"@#[]{}€"},
    WindowsAltGr{"ch", U"¦@#°§¬|¢[]{}\\€"},
    WindowsAltGr{"pl", U"ąćęłńóśźżĄĆĘŁŃÓŚŹŻ€"},
    WindowsAltGr{"se", U"@£$€{[]}\\|µ"},
    WindowsAltGr{"fi", U"@£$€{[]}\\|µ"},
    WindowsAltGr{"no", U"@£$€{[]}µ"},
    WindowsAltGr{"dk", U"@£$€{[]}|\\µ"},
};

constexpr bool windows_has_with_alt_gr(std::string_view layout, char32_t character) {
    const auto* const known = std::ranges::find(kWindowsAltGr, layout, &WindowsAltGr::layout);
    return known != kWindowsAltGr.end() &&
           known->characters.find(character) != std::u32string_view::npos;
}

}  // namespace minikvm
